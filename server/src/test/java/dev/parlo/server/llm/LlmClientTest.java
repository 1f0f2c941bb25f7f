package dev.parlo.server.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.registry.RefusingPort;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.trace.Traces;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class LlmClientTest {
    private static final MemoryBudget BUDGET = new MemoryBudget(1L << 30);

    private static ObjectNode complete(LlmClient client, String model) {
        return client.complete(request(model), BUDGET.open(), new Cancellation());
    }

    private static LlmClient client(String url, Duration silence) {
        return new LlmClient(
                new LlmSettings(
                        Optional.of(URI.create(url)),
                        Optional.of(FakeLlm.KEY),
                        Optional.empty(),
                        silence),
                NetworkSettings.direct(),
                Traces.NONE);
    }

    private static LlmClient client(FakeLlm llm) {
        return client(llm.url(), Duration.ofSeconds(120));
    }

    private static ObjectNode request(String model) {
        ObjectNode request = Json.mapper().createObjectNode().put("model", model);
        request.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        return request;
    }

    private static List<ObjectNode> streamed(LlmClient client, ObjectNode request) {
        List<ObjectNode> chunks = new ArrayList<>();
        client.stream(request, chunks::add, new Cancellation());
        return chunks;
    }

    private static String text(List<ObjectNode> chunks) {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks) {
            text.append(chunk.at("/choices/0/delta/content").asString(""));
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource(FakeLlm.Kind.class)
    void answersComeWholeOrInPiecesFromEitherKindOfServer(FakeLlm.Kind kind) throws IOException {
        try (FakeLlm llm = FakeLlm.start(kind);
                LlmClient client = client(llm)) {
            ObjectNode whole = complete(client, llm.model());
            assertThat(whole.at("/choices/0/message/content").asString()).isEqualTo("Hello there.");
            assertThat(text(streamed(client, request(llm.model())))).isEqualTo("Hello there.");
            assertThat(llm.requests().get(0).path("stream").asBoolean()).isFalse();
            assertThat(llm.requests().get(1).path("stream").asBoolean()).isTrue();
        }
    }

    @Test
    void aModelThatIsSetTakesThePlaceOfTheOneThatIsNamed() throws IOException {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client =
                        new LlmClient(
                                new LlmSettings(
                                        Optional.of(URI.create(llm.url())),
                                        Optional.empty(),
                                        Optional.of("qwen3"),
                                        Duration.ofSeconds(120)),
                                NetworkSettings.direct(),
                                Traces.NONE)) {
            assertThat(text(streamed(client, request("gpt-realtime")))).isEqualTo("Hello there.");
        }
    }

    @Test
    void anErrorOfTheModelKeepsItsStatusAndItsObject() throws IOException {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client = client(llm)) {
            assertThatThrownBy(() -> complete(client, "nothing"))
                    .isInstanceOfSatisfying(
                            ApiError.class,
                            error -> {
                                assertThat(error.status()).isEqualTo(404);
                                assertThat(error.message()).contains("model 'nothing' not found");
                                assertThat(Json.text(error.error()))
                                        .contains("\"code\":\"model_not_found\"");
                                assertThat(error.body())
                                        .containsKeys(
                                                "detail", "hint", "suggested_fixes", "error_id");
                            });
        }
    }

    @Test
    void withoutAnAddressItSaysWhatToSet() {
        try (LlmClient client =
                new LlmClient(
                        new LlmSettings(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Duration.ofSeconds(1)),
                        NetworkSettings.direct(),
                        Traces.NONE)) {
            assertThatThrownBy(() -> streamed(client, request("a")))
                    .isInstanceOf(ApiError.class)
                    .hasMessageContaining("CHAT_COMPLETION_BASE_URL");
        }
    }

    @Test
    void aServerThatDoesNotRunIsToldApartFromOneThatIsSilent() throws IOException {
        try (ServerSocket silent = new ServerSocket(0);
                LlmClient client =
                        client(
                                "http://127.0.0.1:" + silent.getLocalPort() + "/v1",
                                Duration.ofMillis(200))) {
            assertThatThrownBy(() -> complete(client, "a"))
                    .isInstanceOfSatisfying(
                            ApiError.class, error -> assertThat(error.status()).isEqualTo(504));
        }
        try (RefusingPort closed = new RefusingPort();
                LlmClient client = client(closed.url() + "/v1", Duration.ofSeconds(60))) {
            assertThatThrownBy(() -> complete(client, "a"))
                    .isInstanceOfSatisfying(
                            ApiError.class,
                            error -> {
                                assertThat(error.status()).isEqualTo(502);
                                assertThat(error.message()).doesNotContain("127.0.0.1");
                            });
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCancelledRequestHangsUp(boolean stream) throws Exception {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client = client(llm)) {
            var gate = llm.holdBefore(1);
            Cancellation cancellation = new Cancellation();
            Thread caller =
                    Thread.ofPlatform()
                            .start(() -> {
                                await().until(() -> !llm.requests().isEmpty());
                                cancellation.cancel();
                            });
            assertThatThrownBy(
                            () -> {
                                if (stream) {
                                    client.stream(request("qwen3"), chunk -> {}, cancellation);
                                } else {
                                    client.complete(request("qwen3"), BUDGET.open(), cancellation);
                                }
                            })
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            failure ->
                                    assertThat(failure.category())
                                            .isEqualTo(EngineException.Category.CANCELLED));
            gate.countDown();
            caller.join();
        }
    }

    /** What a server behind a wrong address, a proxy, or a model that crashes may send. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    data: {"error":{"message":"out of memory","code":500}}\\n\\n | out of memory
                    data: {"error":"runner has crashed"}\\n\\n | runner has crashed
                    data: nonsense\\n\\n | not JSON
                    data: [1]\\n\\n | not an object
                    <html>It works!</html> | no events
                    : only a comment\\n\\n | no events
                    """)
    void aBrokenStreamIsAClearError(String body, String words) throws IOException {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client = client(llm)) {
            llm.answers(200, "text/event-stream", body.replace("\\n", "\n"));
            assertThatThrownBy(() -> streamed(client, request("qwen3")))
                    .isInstanceOfSatisfying(
                            ApiError.class, error -> assertThat(error.status()).isEqualTo(502))
                    .hasMessageContaining(words);
        }
    }

    @Test
    void eventsAreReadWhateverTheirLinesLookLike() throws IOException {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client = client(llm)) {
            llm.answers(
                    200,
                    "text/event-stream",
                    """
                    : comment\r
                    event: chunk\r
                    id: 7\r
                    data:{"choices":[{"delta":{"content":"a"}}]}\r
                    \r

                    data: {"choices":[{"delta":
                    data: {"content":"b"}}]}

                    data: {"choices":[{"delta":{"content":"c"}}]}\
                    """);
            assertThat(text(streamed(client, request("qwen3")))).isEqualTo("abc");
        }
    }

    @Test
    void aLongAnswerCountsWithWhatAllRequestsHold() throws IOException {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client = client(llm)) {
            MemoryBudget small = new MemoryBudget(1 << 20);
            llm.answers(200, "application/json", "{\"a\":\"" + "x".repeat(2 << 20) + "\"}");
            try (MemoryBudget.Share share = small.open()) {
                assertThatThrownBy(
                                () -> client.complete(request("qwen3"), share, new Cancellation()))
                        .hasMessageContaining("MAX_HELD_BYTES");
            }
            assertThat(small.held()).isZero();
        }
    }

    @Test
    void anEndlessLineOrAnswerIsNotKept() throws IOException {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                LlmClient client = client(llm)) {
            llm.answers(200, "text/event-stream", "data: " + "x".repeat(EventLines.LONGEST_LINE));
            assertThatThrownBy(() -> streamed(client, request("qwen3")))
                    .hasMessageContaining("more than 1 MiB");
            llm.answers(200, "application/json", " ".repeat(17 << 20));
            assertThatThrownBy(() -> complete(client, "qwen3"))
                    .hasMessageContaining("more than 16 MiB");
        }
    }
}
