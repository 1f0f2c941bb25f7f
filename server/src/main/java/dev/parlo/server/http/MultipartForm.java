package dev.parlo.server.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A form that was read to its end: text fields in memory, files spooled to disk with the limits
 * checked while they are read. Closing deletes the files. One thread.
 */
public final class MultipartForm implements AutoCloseable {
    /**
     * A file part on disk.
     *
     * @param path temporary, gone when the form is closed
     * @param fileName as the client named it, null where it did not; never used as a path
     * @param contentType as the client named it
     */
    public record UploadedFile(
            Path path, @Nullable String fileName, @Nullable String contentType, long bytes) {}

    private final Map<String, List<String>> texts = new LinkedHashMap<>();
    private final Map<String, List<UploadedFile>> files = new LinkedHashMap<>();
    private final List<Path> spooled = new ArrayList<>();

    private MultipartForm() {}

    /**
     * Reads the request's body.
     *
     * @param fileFields fields that are files even when the client gives them no file name
     * @throws ApiError 400 for a malformed body or an oversize text, 413 for an oversize file, 415
     *     for no form at all, 507 for a full disk
     */
    public static MultipartForm read(Context ctx, Set<String> fileFields, UploadLimits limits) {
        String contentType = ctx.contentType();
        if (contentType == null
                || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            // What FastAPI says of any other body: the fields are simply not there.
            return new MultipartForm();
        }
        String boundary = HeaderParameters.get(contentType, "boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > 200) {
            throw malformed(null);
        }
        long announced = ctx.req().getContentLengthLong();
        if (announced > limits.maxFileBytes() + UploadLimits.MAX_ALL_TEXT_BYTES) {
            throw tooLarge(limits);
        }
        MultipartForm form = new MultipartForm();
        try {
            form.readParts(ctx.req().getInputStream(), boundary, fileFields, limits);
            return form;
        } catch (MultipartParser.MalformedException e) {
            form.close();
            throw malformed(e);
        } catch (IOException e) {
            form.close();
            throw failed(e);
        } catch (RuntimeException | Error e) {
            form.close();
            throw e;
        }
    }

    private void readParts(
            InputStream in, String boundary, Set<String> fileFields, UploadLimits limits)
            throws IOException {
        long[] textBudget = {UploadLimits.MAX_ALL_TEXT_BYTES};
        new MultipartParser(in, boundary)
                .parse(
                        head ->
                                head.fileName() != null || fileFields.contains(head.name())
                                        ? openFile(head, limits)
                                        : new TextField(head.name(), textBudget),
                        UploadLimits.MAX_PARTS);
    }

    private OutputStream openFile(MultipartParser.Head head, UploadLimits limits)
            throws IOException {
        Path path = Files.createTempFile(limits.directory(), "upload-", ".part");
        spooled.add(path);
        return new FileField(head, path, limits, Files.newOutputStream(path));
    }

    /** The last value given for a field; null where it was not sent, or sent empty. */
    public @Nullable String text(String name) {
        List<String> all = texts(name);
        return all.isEmpty() ? null : all.getLast();
    }

    /** Every value of a field that is not empty, in the order sent. */
    public List<String> texts(String name) {
        return List.copyOf(texts.getOrDefault(name, List.of()));
    }

    /** A file; null where it was not sent. */
    public @Nullable UploadedFile file(String name) {
        List<UploadedFile> all = files.get(name);
        return all == null ? null : all.getLast();
    }

    /** Deletes the spooled files; harmless when repeated. */
    @Override
    public void close() {
        for (Path path : spooled) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                path.toFile().deleteOnExit();
            }
        }
        spooled.clear();
    }

    private static ApiError malformed(@Nullable Throwable cause) {
        ApiError error = ApiError.of(400, "There was an error parsing the body");
        return cause == null ? error : error.withCause(cause);
    }

    private static ApiError tooLarge(UploadLimits limits) {
        return ApiError.of(
                413,
                "The file is larger than MAX_UPLOAD_BYTES allows ("
                        + limits.maxFileBytes()
                        + " bytes). Send a shorter or more compressed file, or raise the limit.",
                "too_large");
    }

    private static ApiError failed(IOException e) {
        // Of the files only: the socket's own failures are no FileSystemException.
        if (e instanceof FileSystemException || isNoSpace(e)) {
            return ApiError.of(
                            507,
                            "There is no room to spool the upload. Free disk space or point"
                                    + " PARLO_TMP_DIR at a larger disk.",
                            "no_space")
                    .withCause(e);
        }
        return malformed(e);
    }

    private static boolean isNoSpace(IOException e) {
        String message = e.getMessage();
        return message != null && message.contains("No space left");
    }

    /** Collects one text field. */
    private final class TextField extends ByteArrayOutputStream {
        private final String name;
        private final long[] budget;

        TextField(String name, long[] budget) {
            this.name = name;
            this.budget = budget;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            budget[0] -= length;
            if (size() + length > UploadLimits.MAX_TEXT_BYTES || budget[0] < 0) {
                throw malformed(null);
            }
            super.write(bytes, offset, length);
        }

        @Override
        public void close() {
            String value = toString(StandardCharsets.UTF_8);
            if (!value.isEmpty()) {
                texts.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            }
        }
    }

    /** Writes one file part to disk. */
    private final class FileField extends OutputStream {
        private final MultipartParser.Head head;
        private final Path path;
        private final UploadLimits limits;
        private final OutputStream out;
        private long bytes;

        FileField(MultipartParser.Head head, Path path, UploadLimits limits, OutputStream out) {
            this.head = head;
            this.path = path;
            this.limits = limits;
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            bytes += length;
            if (bytes > limits.maxFileBytes()) {
                throw tooLarge(limits);
            }
            out.write(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.close();
            files.computeIfAbsent(head.name(), key -> new ArrayList<>())
                    .add(new UploadedFile(path, head.fileName(), head.contentType(), bytes));
        }
    }
}
