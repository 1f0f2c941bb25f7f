package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.server.llm.FakeLlm;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a collector is sent, by the standard variables alone. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TelemetryTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String ID = "x-request-id";
    private static final String HELLO =
            "{\"model\": \"espeak-ng/espeak-ng\", \"input\": \"Hello there. Good bye.\","
                    + " \"response_format\": \"wav\"}";

    @TempDir Path folder;

    private static Map<String, String> attributes(Span span) {
        return OtlpReceiver.attributes(span.getAttributesList());
    }

    @Test
    void aTraceOfATranscriptionShowsTheLoadTheQueueTheAudioAndEveryWindow() throws Exception {
        byte[] file = Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (OtlpReceiver collector = new OtlpReceiver();
                ListeningServer server =
                        new ListeningServer(
                                folder,
                                collector.settings(
                                        "OTEL_SERVICE_NAME",
                                        "ears",
                                        "OTEL_EXPORTER_OTLP_HEADERS",
                                        "x-collector-key=secret"))) {
            assertThat(server.transcribe(file, "vad_filter", "true").statusCode()).isEqualTo(200);
            Span request = collector.await("POST /v1/audio/transcriptions");
            assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(attributes(request))
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.route", "/v1/audio/transcriptions")
                    .containsEntry("http.response.status_code", "200")
                    .containsEntry("parlo.model", ListeningServer.MODEL)
                    .containsKey("parlo.request_id");
            await().untilAsserted(() ->
                    assertThat(collector.below(request).stream().map(Span::getName))
                            .contains(
                                    "load model",
                                    "queue",
                                    "decode audio",
                                    "detect speech",
                                    "window"));
            Span window = collector.named("window").getFirst();
            await().untilAsserted(() ->
                    assertThat(collector.below(window).stream().map(Span::getName))
                            .containsExactlyInAnyOrder("encode", "decode"));
            Span decode = collector.named("decode").getFirst();
            assertThat(Integer.parseInt(attributes(decode).get("parlo.decode.tokens")))
                    .isPositive();
            for (Span inside : collector.below(request)) {
                assertThat(inside.getStartTimeUnixNano())
                        .as(inside.getName())
                        .isGreaterThanOrEqualTo(request.getStartTimeUnixNano() - 5_000_000);
                assertThat(inside.getEndTimeUnixNano())
                        .as(inside.getName())
                        .isLessThanOrEqualTo(request.getEndTimeUnixNano() + 5_000_000);
            }
            assertThat(collector.resource).containsEntry("service.name", "ears");
            assertThat(collector.headers).containsEntry("X-collector-key", "secret");
        }
    }

    @Test
    void aTraceOfSpeechShowsItsChunksAndGoesOnWithTheClientsTrace() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                DoorServer server = DoorServer.start(folder, collector.settings())) {
            HttpResponse<byte[]> answer =
                    server.post(
                            "/v1/audio/speech",
                            HELLO.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            "Content-Type",
                            "application/json",
                            "traceparent",
                            "00-" + TRACE + "-" + PARENT + "-01",
                            "tracestate",
                            "vendor=1",
                            "x-request-id",
                            "mine-1");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-request-id")).hasValue("mine-1");
            Span request = collector.await("POST /v1/audio/speech");
            assertThat(OtlpReceiver.hex(request.getTraceId())).isEqualTo(TRACE);
            assertThat(OtlpReceiver.hex(request.getParentSpanId())).isEqualTo(PARENT);
            assertThat(request.getTraceState()).isEqualTo("vendor=1");
            assertThat(attributes(request)).containsEntry("parlo.request_id", "mine-1");
            assertThat(attributes(collector.await("speech chunk")))
                    .containsKey("parlo.chunk.audio_seconds");
            await().untilAsserted(() ->
                    assertThat(collector.below(request).stream().map(Span::getName))
                            .contains("queue", "speech chunk"));
            assertThat(collector.bodies)
                    .allSatisfy(body ->
                            assertThat(
                                            new String(
                                                    body,
                                                    java.nio.charset.StandardCharsets.ISO_8859_1))
                                    .doesNotContain("Hello there"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLanguageModelIsAskedInTheClientsTrace(boolean streamed) throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                DoorServer server =
                        DoorServer.start(
                                folder,
                                collector.settings("CHAT_COMPLETION_BASE_URL", llm.url()))) {
            HttpResponse<byte[]> answer =
                    server.post(
                            "/v1/chat/completions",
                            ("{\"model\": \"qwen3\", \"stream\": "
                                            + streamed
                                            + ", \"messages\": [{\"role\": \"user\", \"content\":"
                                            + " \"Hello?\"}]}")
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            "Content-Type",
                            "application/json",
                            "traceparent",
                            "00-" + TRACE + "-" + PARENT + "-01",
                            "tracestate",
                            "vendor=1",
                            "baggage",
                            "user=alice");
            assertThat(answer.statusCode()).isEqualTo(200);
            Span request = collector.await("POST /v1/chat/completions");
            Span question = collector.await("ask language model");
            assertThat(question.getParentSpanId()).isEqualTo(request.getSpanId());
            assertThat(question.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(llm.headers().getFirst().getFirst("traceparent"))
                    .isEqualTo(
                            "00-" + TRACE + "-" + OtlpReceiver.hex(question.getSpanId()) + "-01");
            assertThat(llm.headers().getFirst().getFirst("tracestate")).isEqualTo("vendor=1");
            assertThat(llm.headers().getFirst()).doesNotContainKey("Baggage");
        }
    }

    @Test
    void aMalformedTraceParentIsIgnored() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                DoorServer server = DoorServer.start(folder, collector.settings())) {
            for (String wrong :
                    List.of(
                            "00-" + TRACE + "-" + PARENT,
                            "ff-" + TRACE + "-" + PARENT + "-01",
                            "00-" + "0".repeat(32) + "-" + PARENT + "-01",
                            "00-" + TRACE.toUpperCase(java.util.Locale.ROOT) + "-" + PARENT + "-01",
                            "00-" + TRACE + "-" + PARENT + "-01-more",
                            "x".repeat(5000))) {
                assertThat(server.get("/v1/models", "traceparent", wrong).statusCode())
                        .isEqualTo(200);
            }
            await().until(() -> collector.named("GET /v1/models").size() == 6);
            assertThat(collector.named("GET /v1/models"))
                    .allSatisfy(span -> assertThat(span.getParentSpanId()).isEmpty())
                    .allSatisfy(span ->
                            assertThat(OtlpReceiver.hex(span.getTraceId())).isNotEqualTo(TRACE));
        }
    }

    @Test
    void anIdThatCannotBeWrittenToALogIsReplacedAlsoInRefusals() throws Exception {
        try (DoorServer server = DoorServer.start(folder, "API_KEY", "k")) {
            assertThat(server.get("/health", "x-request-id", "a/b:1").headers().firstValue(ID))
                    .hasValue("a/b:1");
            for (String wrong : List.of("two words", "a".repeat(129), "<b>", "\t", "é")) {
                assertThat(server.get("/nowhere", "x-request-id", wrong).headers().firstValue(ID))
                        .hasValueSatisfying(id -> assertThat(id).matches("req_[0-9a-f]{32}"));
            }
        }
    }

    @Test
    void aRealtimeSessionIsASpanWithOneForEachResponseAndWhatTheyCompute() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                DoorServer server =
                        DoorServer.start(
                                folder,
                                collector.settings("CHAT_COMPLETION_BASE_URL", llm.url()))) {
            llm.says("Hello", " there.");
            SocketClient client = server.connect("/v1/realtime?model=qwen3");
            client.socket()
                    .sendText(
                            "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
                                    + "\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
                                    + "\"text\":\"Who are you?\"}]}}",
                            true)
                    .join();
            client.socket().sendText("{\"type\":\"response.create\"}", true).join();
            Span response = collector.await("response");
            assertThat(attributes(response).get("parlo.response_id")).startsWith("resp_");
            await().until(() ->
                    collector.below(response).stream()
                            .anyMatch(span -> span.getName().equals("speech chunk")));
            client.socket().sendClose(1000, "done").join();
            Span session = collector.await("session /v1/realtime");
            assertThat(response.getParentSpanId()).isEqualTo(session.getSpanId());
            assertThat(response.getTraceId()).isEqualTo(session.getTraceId());
            assertThat(collector.await("ask language model").getParentSpanId())
                    .isEqualTo(response.getSpanId());
        }
    }

    @Test
    void aWyomingSessionIsASpanWithWhatItComputes() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                DoorServer server =
                        DoorServer.start(folder, collector.settings("WYOMING_PORT", "0"));
                Socket client = new Socket("127.0.0.1", server.wyomingPort())) {
            client.getOutputStream()
                    .write(
                            "{\"type\":\"synthesize\",\"data\":{\"text\":\"Hello.\"}}\n"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Span chunk = collector.await("speech chunk");
            client.close();
            Span session = collector.await("session wyoming");
            assertThat(chunk.getParentSpanId()).isEqualTo(session.getSpanId());
        }
    }

    @Test
    void metricsAreSentUnderTheNamesThatAScrapeShows() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                DoorServer server =
                        DoorServer.start(folder, collector.settings("METRICS", "off"))) {
            assertThat(server.postJson("/v1/audio/speech", HELLO).statusCode()).isEqualTo(200);
            assertThat(server.get("/metrics").statusCode()).isEqualTo(404);
            // It may have been sent between the wait's begin and its end, or before the rest.
            await().until(() ->
                    collector.metrics.containsKey("parlo_model_audio_seconds")
                            && collector.metrics.containsKey("jvm_memory_used_bytes")
                            && collector.metrics.containsKey("parlo_model_queue_wait_seconds")
                            && collector
                                            .metric("parlo_model_queue_wait_seconds")
                                            .getHistogram()
                                            .getDataPoints(0)
                                            .getCount()
                                    > 0);
            var waits = collector.metric("parlo_model_queue_wait_seconds");
            assertThat(waits.getUnit()).isEqualTo("s");
            var point = waits.getHistogram().getDataPoints(0);
            assertThat(point.getCount()).isPositive();
            assertThat(point.getBucketCountsList().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(point.getCount());
            assertThat(point.getExplicitBoundsCount()).isEqualTo(point.getBucketCountsCount() - 1);
            assertThat(collector.metrics).containsKey("jvm_memory_used_bytes");
            assertThat(collector.metric("parlo_model_audio_seconds").getSum().getIsMonotonic())
                    .isTrue();
        }
    }

    @Test
    void nothingIsSentWhereNoExporterIsSetOrTheSdkIsDisabled() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                DoorServer server =
                        DoorServer.start(folder, collector.settings("OTEL_SDK_DISABLED", "true"))) {
            assertThat(server.postJson("/v1/audio/speech", HELLO).statusCode()).isEqualTo(200);
            server.close();
            assertThat(collector.bodies).isEmpty();
        }
    }

    @Test
    void whatIsLeftIsSentAtTheStop() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver()) {
            String[] late = {
                "OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(), "OTEL_BSP_SCHEDULE_DELAY", "600000"
            };
            try (DoorServer server = DoorServer.start(folder, late)) {
                assertThat(server.postJson("/v1/audio/speech", HELLO).statusCode()).isEqualTo(200);
            }
            assertThat(collector.named("POST /v1/audio/speech")).hasSize(1);
        }
    }

    @Test
    void variablesThatCannotBeUsedAreToldAtTheStart() {
        for (String[] wrong :
                List.of(
                        new String[] {"OTEL_TRACES_EXPORTER", "zipkin"},
                        new String[] {"OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"},
                        new String[] {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/xml"},
                        new String[] {"OTEL_TRACES_SAMPLER", "some"},
                        new String[] {"OTEL_BSP_SCHEDULE_DELAY", "soon"})) {
            String[] all = {
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", wrong[0], wrong[1]
            };
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> DoorServer.start(folder, all).close())
                    .as(wrong[0])
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("OTEL_");
        }
    }

    @Test
    void aConversationIsASpan() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver();
                DoorServer server = DoorServer.start(folder, collector.settings())) {
            SocketClient client = server.connect("/v1/audio/transcriptions/stream?model=whisper");
            client.socket().sendClose(1000, "done").join();
            Span session = collector.await("session /v1/audio/transcriptions/stream");
            assertThat(attributes(session)).containsEntry("parlo.websocket.close_code", "1000");
        }
    }
}
