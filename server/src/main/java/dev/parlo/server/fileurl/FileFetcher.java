package dev.parlo.server.fileurl;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.registry.web.WebFileException;
import dev.parlo.registry.web.WebFiles;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.UploadLimits;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches recordings from web addresses that clients name, by the rules of {@link WebFiles}, onto
 * the disk. Thread-safe.
 */
public final class FileFetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileFetcher.class);

    private final FileUrlSettings settings;
    private final UploadLimits limits;
    private final WebFiles files;

    /**
     * @param limits the largest file, and where it is put
     * @param network whose certificates are trusted
     * @param names looks up hosts
     */
    public FileFetcher(
            FileUrlSettings settings, UploadLimits limits, NetworkSettings network, Dns names) {
        this.settings = settings;
        this.limits = limits;
        this.files = new WebFiles(settings.hosts(), network, names);
    }

    /**
     * A recording on disk.
     *
     * @param contentType as its server named it
     */
    public record Fetched(UploadSpool.Upload upload, @Nullable String contentType)
            implements AutoCloseable {
        @Override
        public void close() {
            upload.close();
        }
    }

    /**
     * Fetches a file; blocks until it is here.
     *
     * @throws ApiError 400 for an address that is not accepted or does not answer with a file, 413
     *     for a file that is too large, 504 where it took too long
     * @throws EngineException CANCELLED, NO_SPACE
     */
    public Fetched fetch(String address, Cancellation cancellation) {
        if (!settings.enabled()) {
            throw refused(
                    "Files are not fetched from web addresses here. Send the file itself; the"
                            + " operator of the server allows addresses by FILE_URLS=true.");
        }
        try {
            return files.fetch(
                    address,
                    new WebFiles.Limits(limits.maxFileBytes(), settings.timeout()),
                    new RequestEnding(cancellation),
                    this::spooled);
        } catch (WebFileException failure) {
            throw told(failure);
        }
    }

    /**
     * Has the file of an address among the files of a form; does nothing where the form has none.
     *
     * @param addressField of the form
     * @param fileField that the file is put into, as its only one
     * @param timer watches for a client that leaves meanwhile
     * @throws ApiError 422 where the form has that file already, and as {@link #fetch}
     */
    public void attach(
            Context ctx,
            MultipartForm form,
            String addressField,
            String fileField,
            ScheduledExecutorService timer) {
        String address = form.text(addressField);
        if (address == null) {
            return;
        }
        if (form.file(fileField) != null) {
            Fields fields = form.fields();
            fields.reject(addressField, "comes with a file; send one of the two");
            fields.check();
        }
        RunningRequest running = RunningRequest.of(ctx);
        try (ClientWatch watch = ClientWatch.open(ctx, timer, running::clientGone)) {
            Fetched fetched = fetch(address, running.cancellation());
            form.attach(fileField, fetched.upload(), fetched.contentType());
        } catch (ApiError failure) {
            throw failure.withParam(addressField);
        }
    }

    private Fetched spooled(InputStream file, @Nullable String type) throws IOException {
        try {
            UploadSpool spool = new UploadSpool(limits.directory(), limits.maxFileBytes());
            UploadSpool.Upload upload = spool.spool(file);
            LOG.info("Fetched {} bytes", upload.bytes());
            return new Fetched(upload, type);
        } catch (EngineException failure) {
            // The spool cannot tell who broke off.
            if (failure.getCause() instanceof IOException broken
                    && failure.category() == EngineException.Category.CANCELLED) {
                throw broken;
            }
            throw failure;
        }
    }

    /** The end of a request as that of a fetch. */
    private record RequestEnding(Cancellation cancellation) implements WebFiles.Ending {
        @Override
        public WebFiles.Registration onEnd(Runnable action) {
            return cancellation.onCancel(action)::close;
        }

        @Override
        public boolean isEnded() {
            return cancellation.isCancelled();
        }
    }

    private RuntimeException told(WebFileException failure) {
        String host = failure.host();
        return switch (failure.reason()) {
            case REFUSED_ADDRESS, NO_FILE, UNREACHABLE ->
                    refused("file_url: " + failure.getMessage());
            case REFUSED_HOST ->
                    refused(
                            "Files are not fetched from the host "
                                    + host
                                    + ". The operator of the server lists the hosts in"
                                    + " FILE_URL_HOSTS.");
            case TOO_LARGE ->
                    ApiError.of(
                                    413,
                                    "The file at file_url is larger than MAX_UPLOAD_BYTES allows ("
                                            + limits.maxFileBytes()
                                            + " bytes).",
                                    "too_large")
                            .withParam("file_url");
            case TIMEOUT ->
                    ApiError.of(
                                    504,
                                    String.format(
                                            Locale.ROOT,
                                            "The host %s of file_url did not send the file in time; the limit is FILE_URL_TIMEOUT (%d s).",
                                            host,
                                            settings.timeout().toSeconds()),
                                    "file_url_timeout")
                            .withParam("file_url");
            case CANCELLED ->
                    new EngineException(
                            EngineException.Category.CANCELLED,
                            "The fetch was cancelled.",
                            failure);
        };
    }

    private static ApiError refused(String why) {
        return ApiError.of(400, why, "invalid_file_url").withParam("file_url");
    }

    @Override
    public void close() {
        files.close();
    }
}
