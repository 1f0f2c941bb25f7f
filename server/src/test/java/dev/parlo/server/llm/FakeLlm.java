package dev.parlo.server.llm;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A language model that says what it was told to, over a real socket, as Ollama or OpenAI do. */
public final class FakeLlm implements AutoCloseable {
    /** Whose manners it has. */
    public enum Kind {
        /** Has one model, takes any field, names the role in every chunk. */
        OLLAMA("qwen3"),
        /** Asks for a key, refuses fields that it does not know, names the role once. */
        OPENAI("gpt-4o");

        private final String model;

        Kind(String model) {
            this.model = model;
        }
    }

    /** What OpenAI takes, as far as the tests go. */
    private static final Set<String> KNOWN =
            Set.of(
                    "model",
                    "messages",
                    "stream",
                    "stream_options",
                    "modalities",
                    "temperature",
                    "max_tokens",
                    "max_completion_tokens",
                    "tools",
                    "tool_choice",
                    "n",
                    "seed",
                    "metadata");

    public static final String KEY = "sk-fake";
    private static final int PATIENCE = 120;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Kind kind;
    private final List<ObjectNode> requests = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch hungUp = new CountDownLatch(1);
    private volatile List<String> pieces = List.of("Hello", " there", ".");
    private volatile JsonNode toolCalls = Json.mapper().createArrayNode();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int gateAt;
    private volatile byte[] raw = new byte[0];
    private volatile String rawType = "";
    private volatile int rawStatus = 200;

    private FakeLlm(Kind kind) throws IOException {
        this.kind = kind;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    public static FakeLlm start(Kind kind) throws IOException {
        return new FakeLlm(kind);
    }

    /** What goes into CHAT_COMPLETION_BASE_URL. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    public String model() {
        return kind.model;
    }

    /** Begins anew, as if nothing had been asked or told. */
    public void forget() {
        requests.clear();
        headers.clear();
        hungUp = new CountDownLatch(1);
        pieces = List.of("Hello", " there", ".");
        toolCalls = Json.mapper().createArrayNode();
        gate = new CountDownLatch(0);
        rawType = "";
    }

    /** Bodies that came, in order. */
    public List<ObjectNode> requests() {
        return requests;
    }

    /** Headers that came, in order. */
    public List<Headers> headers() {
        return headers;
    }

    public void says(String... words) {
        pieces = List.of(words);
    }

    /** Answers with a call of a tool instead of words. */
    public void calls(String name, String arguments) {
        ArrayNode calls = Json.mapper().createArrayNode();
        ObjectNode call = calls.addObject();
        call.put("index", 0).put("id", "call_1").put("type", "function");
        call.putObject("function").put("name", name).put("arguments", arguments);
        toolCalls = calls;
    }

    /** Answers with words again. */
    public void callsNothing() {
        toolCalls = Json.mapper().createArrayNode();
    }

    /** Holds the answer back before its piece of that index. */
    public CountDownLatch holdBefore(int piece) {
        gate = new CountDownLatch(1);
        gateAt = piece;
        return gate;
    }

    /** Answers exactly this. */
    public void answers(int status, String type, String body) {
        rawStatus = status;
        rawType = type;
        raw = body.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits until the other side has closed the connection of an answer that it still wrote. */
    public void awaitHangUp() throws InterruptedException, TimeoutException {
        if (!hungUp.await(PATIENCE, TimeUnit.SECONDS)) {
            throw new TimeoutException("the language model is still being listened to");
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode request =
                    (ObjectNode) Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
            headers.add(exchange.getRequestHeaders());
            requests.add(request);
            if (!rawType.isEmpty()) {
                send(exchange, rawStatus, rawType, raw);
            } else if (!refused(exchange, request)) {
                if (request.path("stream").asBoolean(false)) {
                    stream(exchange, request);
                } else {
                    send(
                            exchange,
                            200,
                            "application/json",
                            Json.mapper().writeValueAsBytes(whole()));
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException gone) {
            hungUp.countDown();
            throw gone;
        }
    }

    private boolean refused(HttpExchange exchange, ObjectNode request) throws IOException {
        if (kind == Kind.OPENAI
                && !("Bearer " + KEY)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return refuse(exchange, 401, "Incorrect API key provided", "invalid_api_key");
        }
        if (!request.path("model").asString("").equals(kind.model)) {
            return refuse(
                    exchange,
                    404,
                    "model '" + request.path("model").asString("") + "' not found",
                    "model_not_found");
        }
        for (String name : request.propertyNames()) {
            if (kind == Kind.OPENAI && !KNOWN.contains(name)) {
                return refuse(
                        exchange, 400, "Unknown parameter: '" + name + "'.", "unknown_parameter");
            }
        }
        return false;
    }

    private static boolean refuse(HttpExchange exchange, int status, String message, String code)
            throws IOException {
        ObjectNode body = Json.mapper().createObjectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", "invalid_request_error")
                .putNull("param")
                .put("code", code);
        send(exchange, status, "application/json", Json.mapper().writeValueAsBytes(body));
        return true;
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private ObjectNode whole() throws InterruptedException {
        awaitGate();
        ObjectNode answer = envelope("chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject();
        ObjectNode message = choice.put("index", 0).putObject("message").put("role", "assistant");
        if (toolCalls.isEmpty()) {
            message.put("content", String.join("", pieces));
            choice.put("finish_reason", "stop");
        } else {
            message.putNull("content").set("tool_calls", toolCalls);
            choice.put("finish_reason", "tool_calls");
        }
        usage(answer);
        return answer;
    }

    private void stream(HttpExchange exchange, ObjectNode request)
            throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        if (kind == Kind.OPENAI) {
            event(out, chunk(null, true, null));
        }
        if (toolCalls.isEmpty()) {
            for (int i = 0; i < pieces.size(); i++) {
                if (i == gateAt) {
                    awaitGate();
                }
                event(out, chunk(pieces.get(i), kind == Kind.OLLAMA, null));
            }
        } else {
            ObjectNode calling = chunk(null, true, null);
            ((ObjectNode) calling.path("choices").path(0).path("delta"))
                    .set("tool_calls", toolCalls);
            event(out, calling);
        }
        event(out, chunk(null, false, toolCalls.isEmpty() ? "stop" : "tool_calls"));
        if (request.path("stream_options").path("include_usage").asBoolean(false)) {
            ObjectNode last = envelope("chat.completion.chunk");
            last.putArray("choices");
            usage(last);
            event(out, last);
        }
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private void awaitGate() throws InterruptedException {
        if (!gate.await(PATIENCE, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody opened the gate");
        }
    }

    private static void event(OutputStream out, ObjectNode chunk) throws IOException {
        out.write(("data: " + Json.text(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private ObjectNode chunk(@Nullable String content, boolean role, @Nullable String finish) {
        ObjectNode chunk = envelope("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
        ObjectNode delta = choice.putObject("delta");
        if (role) {
            delta.put("role", "assistant");
        }
        if (content != null) {
            delta.put("content", content);
        } else if (role) {
            delta.put("content", "");
        }
        choice.put("finish_reason", finish);
        if (kind == Kind.OPENAI) {
            choice.putNull("logprobs");
            chunk.putNull("usage").put("obfuscation", "x7f");
        }
        return chunk;
    }

    private ObjectNode envelope(String object) {
        return Json.mapper()
                .createObjectNode()
                .put("id", "chatcmpl-7")
                .put("object", object)
                .put("created", 1_750_000_000)
                .put("model", kind.model)
                .put("system_fingerprint", "fp_1");
    }

    private static void usage(ObjectNode answer) {
        answer.putObject("usage")
                .put("prompt_tokens", 5)
                .put("completion_tokens", 3)
                .put("total_tokens", 8);
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
