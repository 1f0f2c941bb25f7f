package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.llm.FakeLlm;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whole conversations, in both dialects, with a language model that says what it was told to. */
final class RealtimeTest {
    @TempDir static Path home;
    private static FakeLlm llm;
    private static DoorServer server;
    private static byte[] speech;

    @BeforeAll
    static void start() throws Exception {
        llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
        server = DoorServer.start(home, "CHAT_COMPLETION_BASE_URL", llm.url());
        speech = RealtimeClient.speech(server, "This is somebody who speaks for a while.");
    }

    @AfterAll
    static void stop() {
        server.close();
        llm.close();
    }

    @BeforeEach
    void reset() {
        llm.says("Hello", " there.", " How are", " you?");
    }

    private @Nullable RealtimeClient open;

    private RealtimeClient connect(String query, String... headers) throws Exception {
        RealtimeClient client = RealtimeClient.connect(server, query, headers);
        open = client;
        return client;
    }

    @AfterEach
    void hangUp() {
        if (open != null) {
            open.socket().socket().abort();
        }
    }

    @Test
    void aTurnIsHeardAndAnsweredInTheBetaOrder() throws Exception {
        RealtimeClient client = connect("?model=qwen3");
        client.await("session.created");
        client.append(RealtimeClient.silence(0.5));
        client.append(speech);
        client.append(RealtimeClient.silence(1));
        JsonNode done = client.await("response.done");
        List<String> types = client.types();
        // Words that are sure may be told at any time of the turn.
        assertThat(types.remove("conversation.item.input_audio_transcription.delta")).isTrue();
        assertThat(types)
                .containsExactly(
                        "session.created",
                        "input_audio_buffer.speech_started",
                        "input_audio_buffer.speech_stopped",
                        "input_audio_buffer.committed",
                        "conversation.item.created",
                        "conversation.item.input_audio_transcription.completed",
                        "response.created",
                        "rate_limits.updated",
                        "response.output_item.added",
                        "conversation.item.created",
                        "response.content_part.added",
                        "response.audio_transcript.delta",
                        "response.audio.delta",
                        "response.audio.done",
                        "response.audio_transcript.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.done");
        assertThat(done.at("/response/status").asString()).isEqualTo("completed");
        assertThat(client.deltas("response.audio_transcript.delta"))
                .isEqualTo("Hello there. How are you?");
        assertThat(client.sound("response.audio.delta")).isGreaterThan(RealtimeClient.RATE);
        JsonNode request = llm.requests().getLast();
        assertThat(request.at("/messages/1/content").asString())
                .isEqualTo("Hello world. Good bye.");
    }
}
