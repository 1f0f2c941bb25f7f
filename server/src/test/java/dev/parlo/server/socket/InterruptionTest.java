package dev.parlo.server.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A client that has heard enough is heard while it is being spoken to. */
final class InterruptionTest {
    private static final String LONG = "One of the many sentences of a long text. ".repeat(2000);

    @TempDir static Path home;
    private static DoorServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DoorServer.start(home, "TTS_QUEUE_SIZE", "1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String task(String action, String id, String text) {
        String payload =
                action.equals("run-task")
                        ? "\"parameters\":{\"format\":\"pcm\",\"sample_rate\":8000},"
                        : "";
        return "{\"header\":{\"action\":\""
                + action
                + "\",\"task_id\":\""
                + id
                + "\"},\"payload\":{"
                + payload
                + "\"input\":{\"text\":\""
                + text
                + "\"}}}";
    }

    @Test
    void elevenLabsSpeechEndsAtOnceWhenTheSocketIsToBeClosed() throws Exception {
        for (String words : new String[] {"\"close_socket\"", "\"close_context\""}) {
            SocketClient client =
                    server.connect("/v1/text-to-speech/x/stream-input?output_format=pcm_8000");
            client.send("{\"text\":\"" + LONG + "\",\"flush\":true}");
            assertThat(client.json().path("audio").asString()).isNotEmpty();
            client.send("{\"text\":\"" + LONG + "\"}"); // waits, and is never spoken
            client.send("{" + words + ":true}");
            JsonNode message = client.json();
            while (message.path("audio").isString()) {
                message = client.json();
            }
            assertThat(message.path("isFinal").asBoolean()).isTrue();
            assertThat(client.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aCosyVoiceTaskEndsAtOnceAndTheNextOneIsSpoken() throws Exception {
        SocketClient client = server.connect("/api-ws/v1/inference");
        Map<String, String> ways =
                Map.of(
                        "a",
                        task("cancel-task", "a", ""),
                        "b",
                        "{\"header\":{\"action\":\"finish-task\",\"task_id\":\"b\"},"
                                + "\"payload\":{\"input\":{\"directive\":\"CANCEL\"}}}");
        for (Map.Entry<String, String> way : ways.entrySet()) {
            String id = way.getKey();
            client.send(task("run-task", id, LONG));
            assertThat(event(client.json())).isEqualTo("task-started");
            awaitSound(client);
            client.send(task("continue-task", id, LONG));
            client.send(way.getValue());
            awaitFinish(client, id);
        }
        client.send(task("run-task", "c", "Hello."));
        client.send(task("finish-task", "c", ""));
        assertThat(event(client.json())).isEqualTo("task-started");
        awaitSound(client);
        awaitFinish(client, "c");
    }

    @Test
    void aTaskThatIsNotKnownCannotBeCancelled() throws Exception {
        SocketClient client = server.connect("/api-ws/v1/inference");
        client.send(task("cancel-task", "x", ""));
        assertThat(event(client.json())).isEqualTo("task-failed");
        assertThat(client.closeCode()).isEqualTo(1008);
    }

    @Test
    void whatWasAskedForIsSpokenBeforeABadMessageIsToldOf() throws Exception {
        SocketClient client =
                server.connect("/v1/text-to-speech/x/stream-input?output_format=pcm_8000");
        client.send("{\"text\":\"Hello. \",\"flush\":true}");
        client.send("nonsense");
        assertThat(client.json().path("audio").asString()).isNotEmpty();
        JsonNode message = client.json();
        while (message.path("audio").isString()) {
            message = client.json();
        }
        assertThat(message.path("message").asString()).contains("not valid JSON");
        assertThat(client.closeCode()).isEqualTo(1008);
    }

    private static String event(JsonNode message) {
        return message.path("header").path("event").asString();
    }

    private static void awaitSound(SocketClient client) throws InterruptedException {
        while (client.next().bytes() == null) {
            // events of the sentence
        }
    }

    private static void awaitFinish(SocketClient client, String id) throws InterruptedException {
        SocketClient.Received next = client.next();
        while (next.text() == null || !next.text().contains("task-finished")) {
            assertThat(next.closeCode()).isZero();
            next = client.next();
        }
        assertThat(next.text()).contains("\"task_id\":\"" + id + "\"");
    }
}
