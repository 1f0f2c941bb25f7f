package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.pool.ProcessMemory;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Twenty requests at once, of which half are cut off by their clients. */
final class SpeechLoadTest {
    private static final int REQUESTS = 20;
    private static final List<String> FORMATS =
            List.of("pcm", "mp3", "opus", "wav", "flac", "aac", "m4a", "webm");
    private static final List<String> VOICES = List.of("en-us", "en-gb+f3", "fr-fr");

    /** Hours of speech: nobody waits for its end. */
    private static final String BOOK =
            "This is one of the many sentences of a book that nobody will hear the end of. "
                    .repeat(20_000);

    @TempDir Path folder;

    @Test
    void theOthersAreRightAndNothingStaysBehind() throws Exception {
        try (SpeakingServer server = new SpeakingServer(folder)) {
            List<byte[]> alone = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                alone.add(i % 2 == 0 ? server.audio(request(i)) : new byte[0]);
            }
            storm(server, alone);
            settle(server);
            long before = nativeBytes();
            for (int round = 0; round < 3; round++) {
                storm(server, alone);
                settle(server);
            }
            assertThat(nativeBytes() - before).isLessThan(48L << 20);
        }
        assertThat(threads()).isEmpty();
    }

    /** Even ones are to be heard to their end. */
    private static Map<String, Object> request(int i) {
        String text =
                i % 2 == 0
                        ? "Number %d. Here comes another sentence of it. "
                                .formatted(i)
                                .repeat(1 + i * i % 23)
                        : BOOK;
        Map<String, Object> request =
                SpeakingServer.request(
                        text, VOICES.get(i % VOICES.size()), FORMATS.get(i / 2 % FORMATS.size()));
        if (i % 5 == 0) {
            request.put("speed", 1.5);
        }
        return request;
    }

    private static void storm(SpeakingServer server, List<byte[]> alone) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Map<String, Object> request = request(i);
                int number = i;
                answers.add(
                        clients.submit(() ->
                                number % 2 == 0
                                        ? server.audio(request)
                                        : cutOff(server, request, number)));
            }
            for (int i = 0; i < REQUESTS; i += 2) {
                assertThat(answers.get(i).get()).as("request %d", i).isEqualTo(alone.get(i));
            }
            for (int i = 1; i < REQUESTS; i += 2) {
                assertThat(answers.get(i).get()).isEmpty();
            }
        }
    }

    /** Leaves before the answer, at its beginning, or some way into it. */
    private static byte[] cutOff(SpeakingServer server, Map<String, Object> request, int number)
            throws Exception {
        if (number % 4 == 1) {
            CompletableFuture<HttpResponse<byte[]>> answer =
                    server.client()
                            .sendAsync(
                                    server.post("/v1/audio/speech", request),
                                    BodyHandlers.ofByteArray());
            Thread.yield();
            answer.cancel(true);
            return new byte[0];
        }
        HttpResponse<InputStream> answer =
                server.client()
                        .send(
                                server.post("/v1/audio/speech", request),
                                BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(number * 100)).isNotEmpty();
        }
        return new byte[0];
    }

    private static void settle(SpeakingServer server) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    JsonNode details = server.get("/api/ps").path("details");
                    assertThat(details).hasSize(1);
                    assertThat(details.get(0).path("id").asString()).isEqualTo(BuiltInEspeak.ID);
                    assertThat(details.get(0).path("leases").asInt()).isZero();
                    assertThat(server.openEncoders()).isZero();
                });
    }

    private static long nativeBytes() {
        ProcessMemory memory = new ProcessMemory();
        System.gc();
        memory.giveBack();
        return memory.nativeBytes();
    }

    /** Those of the speech engines and encoders, which end with the server. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("espeak-chunk"))
                .toList();
    }
}
