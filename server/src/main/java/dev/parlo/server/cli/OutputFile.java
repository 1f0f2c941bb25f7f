package dev.parlo.server.cli;

import dev.parlo.engine.audio.RiffSizes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where speech, subtitles and transcripts are written. A file appears under its name when it is
 * complete, and a file that was there stays as it was until then; pipes, devices and standard
 * output are written to directly. Used by one thread.
 */
final class OutputFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputFile.class);

    private final String name;
    private final OutputStream out;
    private final @Nullable Path part;
    private final @Nullable Path target;
    private final boolean closing;

    OutputFile(
            String name,
            OutputStream out,
            boolean closing,
            @Nullable Path part,
            @Nullable Path target) {
        this.name = name;
        this.out = out;
        this.closing = closing;
        this.part = part;
        this.target = target;
    }

    /**
     * Opens it, so that what cannot be written is known before anything is computed.
     *
     * @param name a path, or {@code -} for standard output
     * @throws CommandFailure naming the file and the reason
     */
    static OutputFile open(String name) {
        if (name.equals("-")) {
            OutputStream out = new BufferedOutputStream(StandardOutput.failing());
            return new OutputFile("standard output", out, false, null, null);
        }
        Path path = Path.of(name);
        if (Files.isDirectory(path)) {
            throw new CommandFailure("Cannot write " + name + ": it is a folder.");
        }
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(path));
                return new OutputFile(name, out, true, null, null);
            }
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            Path part =
                    target.resolveSibling(
                            "." + target.getFileName() + "." + ProcessHandle.current().pid());
            OutputStream out =
                    Files.newOutputStream(
                            part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new OutputFile(name, new BufferedOutputStream(out), true, part, target);
        } catch (IOException failure) {
            throw failed(name, failure);
        }
    }

    static CommandFailure failed(String name, IOException failure) {
        String reason =
                switch (failure) {
                    case NoSuchFileException none -> "there is no such folder.";
                    case AccessDeniedException denied -> "permission denied.";
                    case FileAlreadyExistsException file -> file.getFile() + " is not a folder.";
                    default -> String.valueOf(failure.getMessage());
                };
        return new CommandFailure("Cannot write " + name + ": " + reason, failure);
    }

    /**
     * A whole text, in UTF-8.
     *
     * @throws CommandFailure naming the file and the reason; then nothing is left of it
     */
    static void write(String name, String text) {
        try (OutputFile file = open(name)) {
            file.stream().write(text.getBytes(StandardCharsets.UTF_8));
            file.complete(0);
        } catch (IOException failure) {
            throw failed(name, failure);
        }
    }

    /** Closed together with this object. */
    OutputStream stream() {
        return out;
    }

    String name() {
        return name;
    }

    /** Whether it is standard output, a pipe or a device rather than a file with a name. */
    boolean isStream() {
        return target == null;
    }

    /**
     * Everything is written: gives the file its sizes and its name.
     *
     * @param samples how many it holds; 0 where it is not audio
     */
    void complete(long samples) throws IOException {
        out.flush();
        if (part == null || target == null) {
            return;
        }
        out.close();
        RiffSizes.fill(part, samples);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what is not complete. */
    @Override
    public void close() {
        try {
            if (closing) {
                out.close();
            } else {
                out.flush();
            }
        } catch (IOException failure) {
            // On a full disk the rest of the buffer finds no room here once more, which was told.
            LOG.debug("closing {}", name, failure);
        }
        try {
            if (part != null) {
                Files.deleteIfExists(part); // a complete file has been moved already
            }
        } catch (IOException failure) {
            LOG.debug("removing {}", part, failure);
        }
    }
}
