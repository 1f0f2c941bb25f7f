package dev.parlo.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.llm.FakeLlm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session may keep and how long it may last, and clients that do not read. */
final class RealtimeLimitsTest {
    private static final String BOOK = "One of the many sentences of a long answer. ";
    @TempDir static Path home;
    private static FakeLlm llm;

    @BeforeAll
    static void start() throws IOException {
        llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
    }

    @AfterAll
    static void stop() {
        llm.close();
    }

    @Test
    void aSessionThatLastedTooLongIsToldAndEnds() throws Exception {
        try (DoorServer brief =
                DoorServer.start(home.resolve("brief"), "REALTIME_SESSION_SECONDS", "1")) {
            RealtimeClient client = RealtimeClient.connect(brief, "?model=m");
            assertThat(client.await("error").at("/error/code").asString())
                    .isEqualTo("session_expired");
            assertThat(client.socket().closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aClientThatStopsReadingIsCutOffAndHoldsUpNobody() throws Exception {
        try (DoorServer server =
                DoorServer.start(
                        home.resolve("slow"),
                        "CHAT_COMPLETION_BASE_URL",
                        llm.url(),
                        "WS_SEND_TIMEOUT",
                        "1")) {
            RealtimeClient deaf = RealtimeClient.connect(server, "?model=qwen3");
            deaf.await("session.created");
            // Events of more bytes than the system holds for a client that does not read.
            llm.says(Collections.nCopies(90_000, "a ").toArray(String[]::new));
            deaf.socket().stopReading();
            deaf.send("{'type':'response.create','response':{'modalities':['text']}}");
            llm.awaitHangUp();
            llm.says("Yes.");
            RealtimeClient other = RealtimeClient.connect(server, "?model=qwen3");
            other.send("{'type':'response.create','response':{'modalities':['text']}}");
            assertThat(other.await("response.done").at("/response/status").asString())
                    .isEqualTo("completed");
        }
    }

    @Test
    void whatASessionKeepsCountsToTheMemoryOfAllAndTheSessionGoesOn() throws Exception {
        String tokens = "[],".repeat(20_000) + "[]"; // of little text and much memory
        try (DoorServer small =
                DoorServer.start(home.resolve("kept"), "MAX_HELD_BYTES", "1500000")) {
            for (String event :
                    List.of(
                            "{'type':'session.update','session':{'tracing':[" + tokens + "]}}",
                            "{'type':'response.create','response':{'metadata':{'a':["
                                    + tokens
                                    + "]}}}",
                            "{'type':'conversation.item.create','item':{'type':'message','role':"
                                    + "'user','content':[{'type':'input_image','image_url':'x','a':["
                                    + tokens
                                    + "]}]}}")) {
                RealtimeClient client = RealtimeClient.connect(small, "?model=m&api=ga");
                client.send(event);
                assertThat(client.await("error").at("/error/code").asString())
                        .isEqualTo("too_large");
                client.send("{'type':'input_audio_buffer.clear'}");
                client.await("input_audio_buffer.cleared");
                client.socket().socket().abort();
            }
        }
    }

    @Test
    void everyTextOfAnItemCountsAsMemory() {
        String text = "x".repeat(1000);
        Item call = Item.call("a", Item.Status.COMPLETED, new Item.FunctionCall(text, text, text));
        assertThat(call.bytes()).isGreaterThanOrEqualTo(6000);
    }

    @Test
    void audioThatDoesNotFitIsToldAndTheSessionGoesOn() throws Exception {
        try (DoorServer small =
                DoorServer.start(
                        home.resolve("full"),
                        "MAX_HELD_BYTES",
                        "1500000",
                        "MAX_TURN_SECONDS",
                        "5")) {
            RealtimeClient client = RealtimeClient.connect(small, "?model=m&api=ga");
            client.send(
                    "{'type':'session.update','session':{'type':'realtime','audio':{'input':"
                            + "{'turn_detection':null,'transcription':{}}}}}");
            byte[] speech =
                    RealtimeClient.speech(small, "This is somebody who speaks for a while.");
            client.append(RealtimeClient.silence(6));
            assertThat(client.await("error").at("/error/code").asString())
                    .isEqualTo("input_audio_buffer_full");
            client.send("{'type':'input_audio_buffer.clear'}");
            client.await("input_audio_buffer.cleared");
            client.append(speech);
            client.send("{'type':'input_audio_buffer.commit'}");
            client.await("conversation.item.input_audio_transcription.completed");
            // What was said before is let go where memory is short; words stay.
            for (int i = 0; i < 8; i++) {
                client.append(speech);
                client.send("{'type':'input_audio_buffer.commit'}");
                client.await("conversation.item.input_audio_transcription.completed");
            }
        }
    }

    @Test
    void audioThatDoesNotFitIsRefusedWholeAndTheBufferIsAsBefore() throws Exception {
        try (DoorServer small = DoorServer.start(home.resolve("whole"), "MAX_TURN_SECONDS", "5")) {
            RealtimeClient client = RealtimeClient.connect(small, "?model=m&api=ga");
            client.send(
                    "{'type':'session.update','session':{'type':'realtime','audio':{'input':"
                            + "{'turn_detection':null,'transcription':{}}}}}");
            client.appendWhole(RealtimeClient.silence(6));
            assertThat(client.await("error").at("/error/code").asString())
                    .isEqualTo("input_audio_buffer_full");
            client.append(RealtimeClient.speech(small, "This is somebody who speaks."));
            client.send("{'type':'input_audio_buffer.commit'}");
            client.await("conversation.item.input_audio_transcription.completed");
        }
    }

    @Test
    void fifteenMegabytesOfAudioAreOneMessage() throws Exception {
        try (DoorServer usual =
                DoorServer.start(home.resolve("long"), "MAX_HELD_BYTES", "100000000")) {
            RealtimeClient client = RealtimeClient.connect(usual, "?model=m&api=ga");
            client.appendWhole(new byte[15 << 20]);
            client.send("{'type':'input_audio_buffer.clear'}");
            client.await("input_audio_buffer.cleared");
        }
    }
}
