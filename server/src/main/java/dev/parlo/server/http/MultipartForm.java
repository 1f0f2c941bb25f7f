package dev.parlo.server.http;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.UploadSpool;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

    private static final int TEXT_CHUNK_BYTES = 8 << 10;

    /**
     * Hears of parts while the form is read, in the client's order. What it throws ends the reading
     * and is the answer.
     */
    public interface PartListener {
        /** A text field was read. */
        default void text(String name, String value) {}

        /** The bytes of a file follow; none of them has been read. */
        default void file(String name) {}

        /** A listener that hears nothing. */
        PartListener NONE = new PartListener() {};
    }

    private final Map<String, List<String>> texts = new LinkedHashMap<>();
    private final Map<String, List<UploadedFile>> files = new LinkedHashMap<>();
    private final List<UploadSpool.Upload> spooled = new ArrayList<>();
    private final MemoryBudget.Share memory;
    private long textBytes;
    private long fileBytes;

    private MultipartForm(MemoryBudget.Share memory) {
        this.memory = memory;
    }

    /** {@link #read(Context, Set, UploadLimits, PartListener)} without a listener. */
    public static MultipartForm read(Context ctx, Set<String> fileFields, UploadLimits limits) {
        return read(ctx, fileFields, limits, PartListener.NONE);
    }

    /**
     * Reads the request's body.
     *
     * @param fileFields fields that are files even when the client gives them no file name
     * @param listener can refuse the request before a file is spooled
     * @throws ApiError 400 for a malformed body or an oversize text, 413 for an oversize file, 415
     *     for no form at all, 507 for a full disk
     */
    public static MultipartForm read(
            Context ctx, Set<String> fileFields, UploadLimits limits, PartListener listener) {
        String contentType = ctx.contentType();
        if (contentType == null
                || !contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            // What FastAPI says of any other body: the fields are simply not there.
            return new MultipartForm(RequestBody.share(ctx));
        }
        String boundary = HeaderParameters.get(contentType, "boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > 200) {
            throw malformed("The Content-Type has no boundary of 1 to 200 characters.");
        }
        long announced = ctx.req().getContentLengthLong();
        if (announced > limits.maxFileBytes() + UploadLimits.MAX_ALL_TEXT_BYTES) {
            throw tooLarge(limits);
        }
        MultipartForm form = new MultipartForm(RequestBody.share(ctx));
        try {
            form.memory.take(MultipartParser.BUFFER_BYTES);
            form.readParts(RequestBody.open(ctx), boundary, fileFields, limits, listener);
            return form;
        } catch (IOException e) {
            form.close();
            throw failure(e);
        } catch (EngineException e) {
            form.close();
            // The spool cannot tell a body that ends too early from a client that left.
            throw e.getCause() instanceof IOException broken && e.category() == Category.CANCELLED
                    ? failure(broken)
                    : e;
        } catch (RuntimeException | Error e) {
            form.close();
            throw e;
        }
    }

    /**
     * A form of one file that came in another shape.
     *
     * @param bytes of the file; null for none
     */
    public static MultipartForm ofFile(
            Context ctx, String fileName, byte @Nullable [] bytes, UploadLimits limits) {
        InputStream file = bytes == null ? null : new ByteArrayInputStream(bytes);
        return of(RequestBody.share(ctx), Map.of(), fileName, file, limits);
    }

    /**
     * A form that came in another shape: its texts, and one file that is in memory.
     *
     * @param file null for none
     */
    static MultipartForm of(
            MemoryBudget.Share memory,
            Map<String, List<String>> texts,
            String fileName,
            @Nullable InputStream file,
            UploadLimits limits) {
        MultipartForm form = new MultipartForm(memory);
        form.texts.putAll(texts);
        if (file != null) {
            UploadSpool.Upload upload =
                    new UploadSpool(limits.directory(), limits.maxFileBytes()).spool(file);
            form.spooled.add(upload);
            form.files.put(
                    fileName, List.of(new UploadedFile(upload.file(), null, null, upload.bytes())));
        }
        return form;
    }

    /**
     * Adds a file that came in another way; it is deleted with the others.
     *
     * @param contentType as whoever it came from named it
     */
    public void attach(String name, UploadSpool.Upload upload, @Nullable String contentType) {
        spooled.add(upload);
        files.computeIfAbsent(name, key -> new ArrayList<>())
                .add(new UploadedFile(upload.file(), null, contentType, upload.bytes()));
    }

    private void readParts(
            InputStream in,
            String boundary,
            Set<String> fileFields,
            UploadLimits limits,
            PartListener listener)
            throws IOException {
        UploadSpool spool = new UploadSpool(limits.directory(), limits.maxFileBytes());
        new MultipartParser(in, boundary)
                .parse(
                        (head, body) -> {
                            if (head.fileName() != null || fileFields.contains(head.name())) {
                                listener.file(head.name());
                                readFile(head, spool.spool(body));
                                if (fileBytes > limits.maxFileBytes()) {
                                    throw tooLarge(limits);
                                }
                            } else {
                                listener.text(head.name(), readText(head.name(), body));
                            }
                        },
                        UploadLimits.MAX_PARTS);
    }

    private void readFile(MultipartParser.Head head, UploadSpool.Upload upload) {
        spooled.add(upload);
        fileBytes += upload.bytes();
        files.computeIfAbsent(head.name(), key -> new ArrayList<>())
                .add(
                        new UploadedFile(
                                upload.file(),
                                head.fileName(),
                                head.contentType(),
                                upload.bytes()));
    }

    private String readText(String name, InputStream body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[TEXT_CHUNK_BYTES];
        for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
            memory.take(n); // as it comes: a text that is never finished is held as well
            bytes.write(chunk, 0, n);
            textBytes += n;
            if (bytes.size() > UploadLimits.MAX_TEXT_BYTES
                    || textBytes > UploadLimits.MAX_ALL_TEXT_BYTES) {
                throw malformed(
                        "The field "
                                + name
                                + " is too long: a text may have "
                                + UploadLimits.MAX_TEXT_BYTES
                                + " bytes, all texts together "
                                + UploadLimits.MAX_ALL_TEXT_BYTES
                                + ".");
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        if (!text.isEmpty()) {
            texts.computeIfAbsent(name, key -> new ArrayList<>()).add(text);
        }
        return text;
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

    /** The values of a field; of a file only that it is there, so that options can miss it. */
    private List<String> textsOrFile(String name) {
        return files.containsKey(name) ? List.of("(a file)") : texts(name);
    }

    /** The fields; a file counts as given, so that an option can say that it is missing. */
    public Fields fields() {
        Set<String> names = new LinkedHashSet<>(texts.keySet());
        names.addAll(files.keySet());
        return Fields.form(this::textsOrFile, names);
    }

    /** A file that was checked to be there. */
    public UploadedFile requireFile(String name) {
        UploadedFile file = file(name);
        if (file == null) {
            throw new IllegalStateException("no file " + name);
        }
        return file;
    }

    /** Every file of a field, in the order sent. */
    public List<UploadedFile> files(String name) {
        return List.copyOf(files.getOrDefault(name, List.of()));
    }

    /** A file; null where it was not sent. */
    public @Nullable UploadedFile file(String name) {
        List<UploadedFile> all = files.get(name);
        return all == null ? null : all.getLast();
    }

    /** Deletes the spooled files; harmless when repeated. */
    @Override
    public void close() {
        spooled.forEach(UploadSpool.Upload::close);
        spooled.clear();
    }

    /** A form that is not well made has its own sentence, which is FastAPI's. */
    private static ApiError failure(IOException e) {
        ApiError error = RequestBody.failure(e);
        return error.status() == 400
                ? malformed(
                                e instanceof MultipartParser.MalformedException malformed
                                        ? String.valueOf(malformed.getMessage())
                                        : error.message())
                        .withCause(e)
                : error;
    }

    /**
     * @param why for {@code error.message}; {@code detail} stays FastAPI's sentence
     */
    private static ApiError malformed(String why) {
        return ApiError.of(400, "There was an error parsing the body", "malformed_body")
                .withHint(why);
    }

    private static ApiError tooLarge(UploadLimits limits) {
        return ApiError.of(
                413,
                "The file is larger than MAX_UPLOAD_BYTES allows ("
                        + limits.maxFileBytes()
                        + " bytes). Send a shorter or more compressed file, or raise the limit.",
                "too_large");
    }
}
