package dev.parlo.server.runpod;

import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** RunPod's queue as a worker calls it. Thread-safe. */
final class Queue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Queue.class);
    private static final MediaType RESULT = MediaType.get("application/x-www-form-urlencoded");

    /** The queue answers within that time, also that there is nothing. */
    private static final Duration LONG_POLL = Duration.ofSeconds(90);

    private static final Duration SENDING = Duration.ofSeconds(120);
    private static final String AGENT = "Parlo-RunPod-Worker/0.1";
    private static final int TRIES = 3;

    /** A job holds at most 20 MB; as JSON, with room. */
    private static final long MOST_JOB_BYTES = 32L << 20;

    private final WorkerSettings settings;
    private final OkHttpClient polling;
    private final OkHttpClient sending;
    private final Waits waits;
    private final Set<Call> asking = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    Queue(WorkerSettings settings, NetworkSettings network, Waits waits) {
        OkHttpClient.Builder builder =
                new OkHttpClient.Builder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .readTimeout(LONG_POLL)
                        .callTimeout(LONG_POLL);
        network.applyTo(builder);
        this.settings = settings;
        this.waits = waits;
        this.polling = builder.build();
        this.sending = polling.newBuilder().callTimeout(SENDING).build();
    }

    /** What asking for a job came to. */
    sealed interface Taken {
        record Work(List<Job> jobs) implements Taken {}

        record Nothing() implements Taken {}

        /** The platform asks for some time without questions. */
        record TooMany() implements Taken {}

        record Failed(String why) implements Taken {}
    }

    /**
     * Asks for a job; blocks until there is one, or the queue says that there is none.
     *
     * @param busy whether the worker has a job already
     */
    Taken take(boolean busy) {
        String address = settings.take().orElseThrow();
        String url =
                workerIn(address).replace("$ID", settings.workerId())
                        + separator(address)
                        + "job_in_progress="
                        + (busy ? 1 : 0);
        try (Response response = asked(url)) {
            return switch (response.code()) {
                case 200 -> jobs(response);
                // 400: nothing is there while the platform wakes workers.
                case 204, 400 -> new Taken.Nothing();
                case 429 -> new Taken.TooMany();
                default -> new Taken.Failed("status " + response.code());
            };
        } catch (IOException failure) {
            return new Taken.Failed(String.valueOf(failure.getMessage()));
        }
    }

    /** The answer to a question, which may be long in coming. */
    private Response asked(String url) throws IOException {
        Call call = polling.newCall(request(url).build());
        asking.add(call);
        try {
            if (stopped) {
                call.cancel(); // before it is made: stopAsking may have missed it
            }
            return call.execute();
        } finally {
            asking.remove(call);
        }
    }

    private static Taken jobs(Response response) throws IOException {
        JsonNode sent;
        try {
            sent = Json.mapper().readTree(text(response));
        } catch (JacksonException broken) {
            return new Taken.Failed("an answer that is not JSON");
        }
        List<Job> jobs = new ArrayList<>();
        for (JsonNode one : sent.isArray() ? sent : List.of(sent)) {
            Job.of(one).ifPresentOrElse(jobs::add, () -> LOG.warn("A job without an id is left."));
        }
        return jobs.isEmpty() ? new Taken.Failed("no job in the answer") : new Taken.Work(jobs);
    }

    private static String text(Response response) throws IOException {
        BufferedSource source = response.body().source();
        if (source.request(MOST_JOB_BYTES + 1)) {
            throw new IOException("a job of more than " + (MOST_JOB_BYTES >> 20) + " MiB");
        }
        return source.readUtf8();
    }

    /**
     * Asks which jobs are to be stopped; blocks until there are some.
     *
     * @return empty where the platform has no such question
     */
    Optional<List<String>> stopped() throws IOException {
        String address = settings.take().orElseThrow();
        String url = workerIn(address).replace("/job-take/", "/job-stop/");
        if (url.equals(workerIn(address))) {
            return Optional.empty();
        }
        url = url.replace("$ID", settings.workerId());
        try (Response response = asked(url)) {
            if (response.code() == 404 || response.code() == 405) {
                return Optional.empty();
            }
            if (response.code() != 200) {
                return Optional.of(List.of());
            }
            JsonNode ids = Json.mapper().readTree(text(response)).path("jobsToStop");
            return Optional.of(ids.valueStream().map(JsonNode::asString).toList());
        } catch (JacksonException broken) {
            return Optional.of(List.of());
        }
    }

    /** What delivering came to. */
    enum Delivered {
        YES,
        /** The platform says that it is too large, or wrong. */
        REFUSED,
        NO
    }

    /**
     * Delivers the result of a job, several times if need be.
     *
     * @param streamed whether parts were sent before
     */
    Delivered done(Job job, ObjectNode result, boolean streamed) {
        return settings.output()
                .map(address -> deliver(address, job, result, streamed))
                .orElse(Delivered.NO);
    }

    /** Tells a part of a job's output; whether it was taken. */
    boolean part(Job job, JsonNode part) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.set("output", part);
        boolean taken =
                settings.stream()
                        .map(address -> deliver(address, job, body, false) == Delivered.YES)
                        .orElse(false);
        if (!taken) {
            LOG.warn("A part of the output of job {} was not taken.", job.id());
        }
        return taken;
    }

    /** Tells how far a job is; whether that is heard does not matter. */
    void progress(Job job, String stage) {
        ObjectNode body = Json.mapper().createObjectNode().put("status", "IN_PROGRESS");
        body.putObject("output").put("stage", stage);
        settings.output()
                .ifPresent(address -> {
                    var unused = deliver(address, job, body, false);
                });
    }

    private Delivered deliver(String template, Job job, ObjectNode body, boolean streamed) {
        String url =
                workerIn(template).replace("$ID", job.id())
                        + separator(template)
                        + "isStream="
                        + streamed;
        Request request =
                request(url)
                        .header("X-Request-ID", job.id())
                        .header("charset", "utf-8")
                        .post(RequestBody.create(Json.mapper().writeValueAsBytes(body), RESULT))
                        .build();
        int wait = 1;
        int last = 0;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            try (Response response = sending.newCall(request).execute()) {
                if (response.isSuccessful()) {
                    return Delivered.YES;
                }
                LOG.warn("What job {} came to was answered {}.", job.id(), response.code());
                if (response.code() == 400 || response.code() == 413) {
                    return Delivered.REFUSED;
                }
            } catch (IOException failure) {
                LOG.warn("What job {} came to was not sent: {}", job.id(), failure.getMessage());
            }
            if (attempt < TRIES && !waited(waits.retry().multipliedBy(wait))) {
                return Delivered.NO;
            }
            int next = wait + last; // 1, 1, 2, …
            last = wait;
            wait = next;
        }
        return Delivered.NO;
    }

    private boolean waited(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells that the worker is there, and what it does. */
    void ping(Collection<String> jobs) {
        String address = settings.ping().orElseThrow();
        String url =
                workerIn(address)
                        + separator(address)
                        + (jobs.isEmpty() ? "" : "job_id=" + String.join(",", jobs) + "&")
                        + "runpod_version=parlo";
        Call call = sending.newCall(request(url).build());
        call.timeout().timeout(2 * settings.pingInterval().toMillis(), TimeUnit.MILLISECONDS);
        try (Response response = call.execute()) {
            if (!response.isSuccessful()) {
                LOG.warn("The platform answered {} to a ping.", response.code());
            }
        } catch (IOException failure) {
            LOG.warn("The platform did not answer a ping: {}", failure.getMessage());
        }
    }

    private Request.Builder request(String url) {
        Request.Builder request = new Request.Builder().url(url).header("User-Agent", AGENT);
        settings.key().ifPresent(key -> request.header("Authorization", key));
        return request;
    }

    private String workerIn(String template) {
        return template.replace("$RUNPOD_POD_ID", settings.workerId());
    }

    private static String separator(String template) {
        return template.contains("?") ? "&" : "?";
    }

    /** Ends the questions that wait for an answer, and those to come. */
    void stopAsking() {
        stopped = true;
        asking.forEach(Call::cancel);
    }

    @Override
    public void close() {
        stopAsking();
        polling.dispatcher().executorService().shutdown();
        polling.connectionPool().evictAll();
    }
}
