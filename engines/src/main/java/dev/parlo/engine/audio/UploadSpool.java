package dev.parlo.engine.audio;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes uploads to temporary files, counting as it goes, since a content length is the sender's
 * claim and often absent. Whatever goes wrong, the file is gone again. Thread-safe.
 */
public final class UploadSpool {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Opens the file to write. Tests put a full disk here. */
    @FunctionalInterface
    interface Opener {
        OutputStream open(Path file) throws IOException;
    }

    private final Path directory;
    private final long maxBytes;
    private final Opener opener;

    /**
     * Writes below one folder.
     *
     * @param directory where the files go; made if absent
     * @param maxBytes the largest upload, at least 1
     */
    public UploadSpool(Path directory, long maxBytes) {
        this(directory, maxBytes, Files::newOutputStream);
    }

    UploadSpool(Path directory, long maxBytes, Opener opener) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.opener = opener;
    }

    /**
     * Reads {@code upload} to its end. The stream is not closed.
     *
     * @param upload of any length
     * @return the file; closing it deletes it
     * @throws EngineException TOO_LARGE beyond the limit, NO_SPACE on a full disk, CANCELLED if the
     *     upload breaks off
     */
    public Upload spool(InputStream upload) {
        Path file = create();
        boolean done = false;
        try (OutputStream out = opener.open(file)) {
            long bytes = copy(upload, out);
            done = true;
            return new Upload(file, bytes);
        } catch (IOException e) {
            done = false;
            throw writeFailure(e);
        } finally {
            if (!done) {
                Upload.delete(file);
            }
        }
    }

    private Path create() {
        try {
            Files.createDirectories(directory);
            return Files.createTempFile(directory, "upload-", ".audio");
        } catch (IOException e) {
            throw writeFailure(e);
        }
    }

    private long copy(InputStream upload, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long bytes = 0;
        for (int n = read(upload, buffer); n >= 0; n = read(upload, buffer)) {
            bytes += n;
            if (bytes > maxBytes) {
                throw AudioFailure.tooManyBytes(maxBytes);
            }
            out.write(buffer, 0, n);
        }
        return bytes;
    }

    private static int read(InputStream upload, byte[] buffer) {
        try {
            return upload.read(buffer);
        } catch (IOException e) {
            throw new EngineException(
                    Category.CANCELLED, "The upload broke off: " + e.getMessage(), e);
        }
    }

    private EngineException writeFailure(IOException e) {
        if (isFull(e)) {
            return new EngineException(
                    Category.NO_SPACE,
                    "The server has no disk space left for uploads. Try again later, or send a"
                            + " smaller file.",
                    e);
        }
        return new EngineException(
                Category.INTERNAL,
                "An upload could not be written to the server's folder for temporary files.",
                e);
    }

    /** Java has no type for a full disk, only the operating system's words. */
    private static boolean isFull(IOException e) {
        String reason = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        if (reason == null) {
            return false;
        }
        String words = reason.toLowerCase(Locale.ROOT);
        return words.contains("no space left")
                || words.contains("quota exceeded")
                || words.contains("not enough space");
    }

    /**
     * An upload on disk, deleted by closing. Closing twice is harmless.
     *
     * @param file where it lies
     * @param bytes its length
     */
    public record Upload(Path file, long bytes) implements AutoCloseable {
        @Override
        public void close() {
            delete(file);
        }

        private static void delete(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new EngineException(
                        Category.INTERNAL,
                        "The temporary file " + file.getFileName() + " could not be deleted.",
                        e);
            }
        }
    }
}
