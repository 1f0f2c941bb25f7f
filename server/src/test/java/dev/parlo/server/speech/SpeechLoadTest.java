package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Twenty requests at once, of which half are cut off by their clients. */
final class SpeechLoadTest {
    private static final int REQUESTS = 20;
    private static final List<String> FORMATS =
            List.of("pcm", "mp3", "opus", "wav", "flac", "aac", "m4a", "webm");

    /** Hours of speech: the test does not wait for its end. */
    private static final String BOOK =
            "This is one of the many sentences of a book that nobody will hear the end of. "
                    .repeat(2_500);

    @TempDir Path folder;

    /** With an engine that repeats itself, to the byte. */
    @Test
    void theOthersGetWhatTheyWouldGetAlone() throws Exception {
        try (ToneServer server = new ToneServer(folder);
                SpeechClient client = new SpeechClient(server.url())) {
            List<byte[]> alone = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                String format = FORMATS.get(i / 2 % FORMATS.size());
                alone.add(heard(i) ? client.audio(request(i, "tone", format)) : new byte[0]);
            }
            for (int round = 0; round < 3; round++) {
                List<byte[]> answers =
                        storm(client, i -> request(i, "tone", FORMATS.get(i / 2 % FORMATS.size())));
                for (int i = 0; i < REQUESTS; i++) {
                    assertThat(answers.get(i)).as("request %d", i).isEqualTo(alone.get(i));
                }
                settle(() -> {
                    assertThat(server.leases()).isZero();
                    assertThat(server.openEncoders()).isZero();
                });
            }
        }
    }

    /** With espeak-ng and the pool. */
    @Test
    void engineQueueAndMemoryAreFreeAgain() throws Throwable {
        try (SpeakingServer server = new SpeakingServer(folder)) {
            SpeechClient client = server.client();
            List<byte[]> alone = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                alone.add(heard(i) ? client.audio(request(i, "en-us", "pcm")) : new byte[0]);
            }
            ThrowingRunnable free =
                    () -> {
                        JsonNode details = client.get("/api/ps").path("details");
                        assertThat(details).hasSize(1);
                        assertThat(details.get(0).path("id").asString())
                                .isEqualTo(BuiltInEspeak.ID);
                        assertThat(details.get(0).path("leases").asInt()).isZero();
                        assertThat(server.openEncoders()).isZero();
                    };
            long before = 0;
            for (int round = 0; round < 4; round++) {
                List<byte[]> answers = storm(client, i -> request(i, "en-us", "pcm"));
                for (int i = 0; i < REQUESTS; i += 2) {
                    double length = alone.get(i).length;
                    assertThat((double) answers.get(i).length)
                            .isCloseTo(length, within(0.03 * length));
                }
                settle(free);
                if (round == 0) {
                    before = NativeHeap.bytesInUse().orElse(0);
                }
            }
            // The VM's own compiler allocates some; thirty encoders that leak would be as much.
            long first = before;
            settle(() ->
                    assertThat(NativeHeap.bytesInUse().orElse(0) - first).isLessThan(16L << 20));
        }
        settle(() -> assertThat(speechThreads()).isEmpty());
    }

    /** The others go away. */
    private static boolean heard(int i) {
        return i % 2 == 0;
    }

    private static Map<String, Object> request(int i, String voice, String format) {
        String text =
                String.format(Locale.ROOT, "Number %d. Here comes another sentence of it. ", i);
        return SpeechClient.request(heard(i) ? text.repeat(1 + i * i % 23) : BOOK, voice, format);
    }

    private interface Requests {
        Map<String, Object> of(int i);
    }

    private static List<byte[]> storm(SpeechClient client, Requests requests) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Map<String, Object> request = requests.of(i);
                int number = i;
                answers.add(
                        clients.submit(() ->
                                heard(number)
                                        ? client.audio(request)
                                        : cutOff(client, request, number)));
            }
            List<byte[]> bytes = new ArrayList<>();
            for (Future<byte[]> answer : answers) {
                bytes.add(answer.get());
            }
            return bytes;
        }
    }

    /** Leaves before the answer, at its beginning, or some way into it. */
    private static byte[] cutOff(SpeechClient client, Map<String, Object> request, int number)
            throws Exception {
        if (number % 4 == 1) {
            CompletableFuture<HttpResponse<byte[]>> answer =
                    client.http().sendAsync(client.post(request), BodyHandlers.ofByteArray());
            Thread.yield();
            answer.cancel(true);
            return new byte[0];
        }
        HttpResponse<InputStream> answer =
                client.http().send(client.post(request), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream body = answer.body()) {
            assertThat(body.readNBytes(number * 100)).isNotEmpty();
        }
        return new byte[0];
    }

    private static void settle(ThrowingRunnable free) {
        Awaitility.await().pollInterval(Duration.ofMillis(50)).untilAsserted(free);
    }

    /** Those that make chunks; they end with the engine. */
    private static List<String> speechThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("espeak-chunk"))
                .toList();
    }
}
