package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.Transcript;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class TranscriptionStreamTest {
    @TempDir Path directory;
    private TranscriptionServer server;

    @BeforeEach
    void start() {
        server = new TranscriptionServer(directory, Duration.ofMinutes(10));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eachSegmentIsADeltaAndTheEndHasTheWholeText() throws Exception {
        HttpResponse<String> response = server.transcribe("stream", "true");
        assertThat(response.headers().allValues("Content-Type"))
                .containsExactly("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(response.body())
                .isEqualTo(
                        """
                        data: {"delta":" Hello world.","type":"transcript.text.delta","logprobs":null,"segment_id":null}

                        data: {"delta":" Good bye.","type":"transcript.text.delta","logprobs":null,"segment_id":null}

                        data: {"text":"Hello world. Good bye.","type":"transcript.text.done","logprobs":null,"usage":null}

                        """);
    }

    @Test
    void aVerboseStreamTellsTheTimesOfSegmentsAndWords() throws Exception {
        String body =
                server.transcribe(
                                "stream",
                                "true",
                                "response_format",
                                "verbose_json",
                                "timestamp_granularities[]",
                                "word")
                        .body();
        assertThat(body)
                .contains(
                        "data: {\"delta\":\" Hello world.\",\"type\":\"transcript.text.delta\","
                                + "\"logprobs\":null,\"segment_id\":\"seg_001\"}\n\n"
                                + "data: {\"type\":\"transcript.text.segment\",\"id\":\"seg_001\","
                                + "\"start\":0.1,\"end\":1.2,\"text\":\"Hello world.\","
                                + "\"words\":[{\"end\":0.6,\"start\":0.1,\"word\":\" Hello\"");
        assertThat(server.transcribe("stream", "true", "response_format", "verbose_json").body())
                .contains("\"id\":\"seg_002\",\"start\":1.5,\"end\":2.5,\"text\":\"Good bye.\"}");
    }

    @Test
    void aQuietStreamCarriesComments() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        server.close();
        server = new TranscriptionServer(directory, Duration.ofMillis(20));
        server.engine.script.set((options, sink, cancellation) -> {
            await(enough);
            return new Transcript("en", 1, 1, Map.of());
        });
        try (Socket socket = request(true)) {
            InputStream in = socket.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf(": keep-alive") < 0) {
                seen.append((char) in.read());
            }
            assertThat(seen).contains("text/event-stream");
            enough.countDown();
        }
    }

    @Test
    void anErrorBeforeTheFirstEventIsAnOrdinaryAnswer() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            throw new EngineException(EngineException.Category.OVERLOADED, "Full.");
        });
        assertThat(server.transcribe("stream", "true").statusCode()).isEqualTo(429);
    }

    @Test
    void anErrorAfterTheFirstEventIsAnEvent() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            sink.accept(ScriptedEngine.segments(options).getFirst());
            throw new EngineException(EngineException.Category.BAD_AUDIO, "Broken.");
        });
        HttpResponse<String> response = server.transcribe("stream", "true");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("transcript.text.delta")
                .endsWith(
                        "data: {\"error\":{\"message\":\"Broken.\",\"type\":\"invalid_request_error\","
                                + "\"param\":null,\"code\":\"invalid_audio\"}}\n\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesStopsTheWork(boolean stream) throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        server.engine.script.set(ScriptedEngine.untilCancelled(started, cancelled));
        Socket socket = request(stream);
        assertThat(started.await(120, TimeUnit.SECONDS)).isTrue();
        socket.close();
        assertThat(cancelled.await(120, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void bytesThatComeEarlyBelongToTheNextRequest() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        server.engine.script.set((options, sink, cancellation) -> {
            started.countDown();
            await(enough);
            return new Transcript("en", 1, 1, Map.of());
        });
        try (Socket socket = request(false)) {
            assertThat(started.await(120, TimeUnit.SECONDS)).isTrue();
            socket.getOutputStream()
                    .write(
                            "GET /v1/audio/translations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            // Longer than the watch's interval, so that it has looked.
            Thread.sleep(600);
            enough.countDown();
            String answers =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers).contains("\"text\":\"\"").contains("\"usage\":\"POST");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(120, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Socket request(boolean stream) throws Exception {
        FormBody form =
                new FormBody()
                        .text("model", "test/model")
                        .text("stream", String.valueOf(stream))
                        .file("file", "a.wav", "audio/wav", new byte[] {1, 2, 3});
        byte[] body = form.bytes();
        Socket socket = new Socket("127.0.0.1", server.port());
        OutputStream out = socket.getOutputStream();
        out.write(
                ("POST /v1/audio/transcriptions HTTP/1.1\r\nHost: a\r\nContent-Type: "
                                + form.contentType()
                                + "\r\nContent-Length: "
                                + body.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        return socket;
    }
}
