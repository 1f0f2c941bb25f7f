package dev.parlo.server.llm;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.trace.Traces;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks the language model, over OpenAI's {@code /chat/completions}. Every call blocks the thread
 * that makes it, and ends as soon as its cancellation is raised. Answers are bounded. Thread-safe.
 */
public final class LlmClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LlmClient.class);
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final String DONE = "[DONE]";

    /** Of an answer that is not streamed. */
    private static final long MOST_BYTES = 16L << 20;

    private static final long STEP = 64L << 10;

    /** An answer is held as bytes, as text and as a tree, though not all of it at a time. */
    private static final long COPIES = 2;

    /** Of an error that is passed on. */
    private static final long MOST_ERROR_BYTES = 64L << 10;

    private final LlmSettings settings;
    private final NetworkSettings network;
    private final Traces traces;
    private @Nullable OkHttpClient client;

    /**
     * @param traces the model's server is told of the trace that it is asked in
     */
    public LlmClient(LlmSettings settings, NetworkSettings network, Traces traces) {
        this.settings = settings;
        this.network = network;
        this.traces = traces;
    }

    /**
     * @throws ApiError 503 where there is no model to ask, saying what to set
     */
    public void requireConfigured() {
        if (settings.url().isEmpty()) {
            throw LlmErrors.notConfigured();
        }
    }

    /**
     * Asks for a whole answer.
     *
     * @param request a body of OpenAI's chat API; it is not changed
     * @param memory counts the answer, which is held whole
     * @return a {@code chat.completion}, as the model sent it
     * @throws ApiError 413 or 503 where clients together hold too much; with the model's status and
     *     error where it refuses, 502 where it cannot be reached or answers something else, 504
     *     where it stays silent, 503 where there is none
     * @throws EngineException CANCELLED
     */
    public ObjectNode complete(
            ObjectNode request, MemoryBudget.Share memory, Cancellation cancellation) {
        return ask(request, false, cancellation, body -> object(whole(body, memory)));
    }

    private static String whole(BufferedSource body, MemoryBudget.Share memory) throws IOException {
        Buffer answer = new Buffer();
        for (long n = body.read(answer, STEP); n >= 0; n = body.read(answer, STEP)) {
            memory.take(COPIES * n);
            if (answer.size() > MOST_BYTES) {
                throw LlmErrors.misunderstood(
                        "sent an answer of more than " + (MOST_BYTES >> 20) + " MiB");
            }
        }
        String text = answer.readUtf8();
        memory.take(Json.nodeBytes(text));
        return text;
    }

    /**
     * Asks for an answer in pieces, and hands each one over as it comes.
     *
     * @param request as {@link #complete}
     * @param chunks takes each {@code chat.completion.chunk} on the calling thread
     * @throws ApiError as {@link #complete}; also when the model breaks off
     * @throws EngineException CANCELLED
     */
    public void stream(ObjectNode request, Consumer<ObjectNode> chunks, Cancellation cancellation) {
        var unused =
                ask(
                        request,
                        true,
                        cancellation,
                        body -> {
                            EventLines events = new EventLines(body);
                            String data = events.next();
                            if (data == null) { // as the page of a proxy: an answer of nothing
                                throw LlmErrors.misunderstood("sent no events");
                            }
                            for (; data != null; data = events.next()) {
                                if (data.strip().equals(DONE)) {
                                    break;
                                }
                                ObjectNode chunk = object(data);
                                if (chunk.hasNonNull("error")) {
                                    throw LlmErrors.failed(chunk.path("error"));
                                }
                                cancellation.check();
                                chunks.accept(chunk);
                            }
                            return true;
                        });
    }

    private interface Reading<T> {
        T read(BufferedSource body) throws IOException;
    }

    private <T> T ask(
            ObjectNode request, boolean stream, Cancellation cancellation, Reading<T> reading) {
        URI url = settings.url().orElseThrow(LlmErrors::notConfigured);
        Traces.Span span = traces.question("ask language model");
        try {
            return read(url, call(url, request, stream, span), cancellation, reading);
        } catch (ApiError refused) {
            span.failed("status_" + refused.status());
            throw refused;
        } catch (EngineException stopped) {
            span.failed(stopped.category().name().toLowerCase(Locale.ROOT));
            throw stopped;
        } finally {
            span.end();
        }
    }

    /** The thread's span only here: what is made of the answer belongs to who asks. */
    private Call call(URI url, ObjectNode request, boolean stream, Traces.Span span) {
        try (Traces.Scope scope = span.enter()) {
            return client().newCall(request(url, request, stream));
        }
    }

    private <T> T read(URI url, Call call, Cancellation cancellation, Reading<T> reading) {
        try (Cancellation.Registration cancelling = cancellation.onCancel(call::cancel);
                Response response = call.execute()) {
            BufferedSource body = response.body().source();
            if (!response.isSuccessful()) {
                boolean more = body.request(MOST_ERROR_BYTES);
                throw LlmErrors.refused(
                        response.code(),
                        body.readByteArray(more ? MOST_ERROR_BYTES : body.getBuffer().size()));
            }
            return reading.read(body);
        } catch (IOException failure) {
            if (cancellation.isCancelled()) {
                throw new EngineException(
                        EngineException.Category.CANCELLED, "The request was cancelled.", failure);
            }
            // The address is the operator's: it goes to the log, and not to clients.
            LOG.warn("The language model at {} does not answer: {}", url, failure.toString());
            throw LlmErrors.unreachable(failure, settings.silence());
        }
    }

    private Request request(URI url, ObjectNode given, boolean stream) {
        ObjectNode body = given.deepCopy();
        body.put("stream", stream);
        settings.model().ifPresent(model -> body.put("model", model));
        Request.Builder request =
                new Request.Builder()
                        .url(url + "/chat/completions")
                        .header("Accept", stream ? "text/event-stream" : "application/json")
                        .header("User-Agent", "parlo")
                        .post(RequestBody.create(Json.mapper().writeValueAsBytes(body), JSON));
        traces.passOn(request::header);
        settings.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request.build();
    }

    private static ObjectNode object(String text) {
        try {
            JsonNode root = Json.mapper().readTree(text);
            if (root instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException broken) {
            throw LlmErrors.misunderstood("sent something that is not JSON").withCause(broken);
        }
        throw LlmErrors.misunderstood("sent JSON that is not an object");
    }

    /** Made at the first call, as most servers never make one. */
    private synchronized OkHttpClient client() {
        if (client == null) {
            OkHttpClient.Builder builder =
                    new OkHttpClient.Builder()
                            .followRedirects(false) // the key is for this address alone
                            .connectTimeout(CONNECTING)
                            .writeTimeout(settings.silence())
                            .readTimeout(settings.silence());
            network.applyTo(builder);
            client = builder.build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
