package dev.parlo.server.runpod;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.fileurl.FileFetcher;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Base64Text;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.Json;
import dev.parlo.server.runpod.JobInput.JobFile;
import java.io.IOException;
import java.net.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Does a job by asking this server, which listens on a loopback address: what a job can do is what
 * a request can, with the same limits and errors. Thread-safe.
 */
final class JobHandler implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");

    private static final int MOST_DETAILS = 64 << 10;

    /** What belongs to the connection to this server, not to the one of the client. */
    private static final Set<String> OUR_HEADERS =
            Set.of(
                    "host",
                    "connection",
                    "content-length",
                    "content-type",
                    "transfer-encoding",
                    "accept-encoding",
                    "upgrade",
                    "expect",
                    "te",
                    "trailer",
                    "keep-alive",
                    "origin");

    private final HttpUrl server;
    private final FileFetcher fetcher;
    private final OkHttpClient client =
            new OkHttpClient.Builder()
                    .proxy(Proxy.NO_PROXY)
                    .followRedirects(false)
                    // A job may take as long as the platform lets it.
                    .readTimeout(0, TimeUnit.MILLISECONDS)
                    .writeTimeout(0, TimeUnit.MILLISECONDS)
                    .build();

    /**
     * @param server where this server listens
     * @param fetcher of files that jobs name by their address
     */
    JobHandler(String server, FileFetcher fetcher) {
        this.server = HttpUrl.get(server);
        this.fetcher = fetcher;
    }

    /** Hears what a job tells before it is done. */
    interface Listener {
        /**
         * A part of the output, in order.
         *
         * @return whether its client can have it now, whatever becomes of the rest
         */
        boolean part(JsonNode part);

        /** How far it is. */
        void progress(String stage);

        /** Hears nothing. */
        Listener NONE =
                new Listener() {
                    @Override
                    public boolean part(JsonNode part) {
                        return false;
                    }

                    @Override
                    public void progress(String stage) {}
                };
    }

    /**
     * Does a job; blocks until it is done. What is wrong with it is its result.
     *
     * @throws EngineException CANCELLED
     */
    JobResult handle(JsonNode input, Listener listener, Cancellation cancellation) {
        boolean refresh = input.path("refresh_worker").asBoolean(false);
        try {
            JobInput job = JobInput.of(input);
            return job.file() instanceof JobFile.At(String address)
                    ? withFetched(job, address, listener, cancellation)
                    : ask(job, upload(job), listener, cancellation);
        } catch (JobException wrong) {
            return failed(String.valueOf(wrong.getMessage()), null, 400, refresh);
        } catch (ApiError | EngineException failure) {
            if (cancellation.isCancelled()) {
                throw cancelled();
            }
            ApiError error = ErrorMapper.toApiError(failure);
            return failed(error.message(), Json.text(error.body()), error.status(), refresh);
        } catch (IOException failure) {
            if (cancellation.isCancelled()) {
                throw cancelled();
            }
            return failed(
                    "The server could not be asked: " + failure.getMessage(), null, 0, refresh);
        }
    }

    private static EngineException cancelled() {
        return new EngineException(EngineException.Category.CANCELLED, "The job was cancelled.");
    }

    private JobResult withFetched(
            JobInput job, String address, Listener listener, Cancellation cancellation)
            throws IOException {
        if (job.progress()) {
            listener.progress("fetching");
        }
        try (FileFetcher.Fetched file = fetcher.fetch(address, cancellation)) {
            String type = file.contentType();
            MediaType media = type == null ? null : MediaType.parse(type);
            return ask(
                    job,
                    MultipartBody.Part.createFormData(
                            job.fileField(),
                            "audio_file",
                            RequestBody.create(file.upload().file().toFile(), media)),
                    listener,
                    cancellation);
        }
    }

    private static MultipartBody.@Nullable Part upload(JobInput job) {
        if (!(job.file() instanceof JobFile.Inline(String base64, String name, String type))) {
            return null;
        }
        byte[] bytes =
                Base64Text.recording(
                        base64,
                        reason ->
                                new JobException(
                                        "'file_base64' is not a file in base64: " + reason + "."));
        return MultipartBody.Part.createFormData(
                job.fileField(),
                name,
                RequestBody.create(bytes, type == null ? null : MediaType.parse(type)));
    }

    private JobResult ask(
            JobInput job,
            MultipartBody.@Nullable Part file,
            Listener listener,
            Cancellation cancellation)
            throws IOException {
        if (job.progress()) {
            listener.progress("running");
        }
        Call call = client.newCall(request(job, file));
        try (var unused = cancellation.onCancel(call::cancel);
                Response response = call.execute()) {
            if (response.code() >= 400) {
                String details = response.body().source().readUtf8(limited(response, MOST_DETAILS));
                return failed(
                        "The request failed with status " + response.code() + ".",
                        details,
                        response.code(),
                        job.refreshWorker());
            }
            String type =
                    String.valueOf(response.header("Content-Type", "")).toLowerCase(Locale.ROOT);
            JsonNode output =
                    job.stream()
                            ? JobOutput.parts(response, type, listener)
                            : JobOutput.whole(response, type);
            return new JobResult.Done(output, job.refreshWorker());
        }
    }

    /** How many bytes of an answer there are, at most so many. */
    private static long limited(Response response, long most) throws IOException {
        BufferedSource source = response.body().source();
        source.request(most);
        return Math.min(most, source.getBuffer().size());
    }

    private Request request(JobInput job, MultipartBody.@Nullable Part file) {
        HttpUrl url = server.resolve(job.path());
        if (url == null
                || !url.host().equals(server.host())
                || url.port() != server.port()
                || !url.scheme().equals(server.scheme())) {
            throw new JobException("'path' is not a path of this server.");
        }
        HttpUrl.Builder full = url.newBuilder();
        job.query()
                .forEach((name, values) ->
                        values.forEach(value -> full.addQueryParameter(name, value)));
        Request.Builder request = new Request.Builder().url(full.build());
        for (Map.Entry<String, String> header : job.headers().entrySet()) {
            if (!OUR_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                try {
                    request.header(header.getKey(), header.getValue());
                } catch (IllegalArgumentException wrong) {
                    throw new JobException("'headers' has a name or a value that is none.");
                }
            }
        }
        return request.method(job.method(), body(job, file)).build();
    }

    private static @Nullable RequestBody body(JobInput job, MultipartBody.@Nullable Part file) {
        if (!job.hasBody()) {
            return null;
        }
        ObjectNode body = job.body();
        if (file == null) {
            return RequestBody.create(body == null ? "{}" : Json.text(body), JSON);
        }
        MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        if (body != null) {
            for (Map.Entry<String, JsonNode> field : body.properties()) {
                JobInput.texts(field.getValue())
                        .forEach(value -> form.addFormDataPart(field.getKey(), value));
            }
        }
        return form.addPart(file).build();
    }

    private static JobResult failed(
            String message, @Nullable String details, int status, boolean refresh) {
        ObjectNode error = Json.mapper().createObjectNode().put("message", message);
        if (details != null) {
            error.put("details", details);
        }
        if (status > 0) {
            error.put("status_code", status);
        }
        return new JobResult.Failed(error, refresh);
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
