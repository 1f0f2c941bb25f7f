package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.SocketClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work is bounded where bytes are: every door refuses a text that asks for hours. */
final class SpeechLimitsTest {
    private static final String LONG = "word ".repeat(100);

    @TempDir static Path home;
    private static DoorServer server;

    @BeforeAll
    static void start() throws Exception {
        server = DoorServer.start(home, "MAX_SPEECH_CHARACTERS", "400", "MAX_SPEECH_SILENCE", "20");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String body(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static void refused(String path, String json, int status, String setting)
            throws Exception {
        HttpResponse<byte[]> response = server.postJson(path, json);
        assertThat(response.statusCode()).as("%s %s", path, body(response)).isEqualTo(status);
        assertThat(body(response)).contains(setting);
    }

    @Test
    void aTextThatIsTooLongIsRefusedByEveryRouteAndTheSettingNamed() throws Exception {
        String speech = "{\"model\":\"tts-1\",\"voice\":\"alloy\",\"input\":\"" + LONG + "\"";
        for (String more :
                List.of(
                        "}",
                        ",\"stream\":false}",
                        ",\"stream_format\":\"sse\"}",
                        ",\"ssml\":true}")) {
            refused("/v1/audio/speech", speech + more, 413, "MAX_SPEECH_CHARACTERS");
        }
        refused("/dev/captioned_speech", speech + "}", 413, "MAX_SPEECH_CHARACTERS");
        String text = "{\"text\":\"" + LONG + "\"}";
        for (String path :
                List.of(
                        "/v1/text-to-speech/x",
                        "/v1/text-to-speech/x/stream",
                        "/v1/text-to-speech/x/with-timestamps",
                        "/v1/text-to-speech/x/stream/with-timestamps",
                        "/v1/tts",
                        "/dev/phonemize")) {
            refused(path, text, 413, "MAX_SPEECH_CHARACTERS");
        }
        String input = "{\"input\":\"" + LONG + "\"}";
        refused("/v1/audio/stream_speech", input, 413, "MAX_SPEECH_CHARACTERS");
        refused("/v1/audio/batch_speech", input, 413, "MAX_SPEECH_CHARACTERS");
    }

    @Test
    void pausesThatLastTooLongTogetherAreRefused() throws Exception {
        String start =
                "{\"model\":\"tts-1\",\"voice\":\"alloy\",\"response_format\":\"pcm\",\"input\":\"";
        String breaks = "<speak>a" + "<break time='7s'/>".repeat(3) + "</speak>\",\"ssml\":true}";
        refused("/v1/audio/speech", start + breaks, 422, "MAX_SPEECH_SILENCE");
        refused("/dev/captioned_speech", start + breaks, 422, "MAX_SPEECH_SILENCE");
        refused("/v1/audio/speech", start + "a [pause:99s] b\"}", 422, "MAX_SPEECH_SILENCE");
        refused("/v1/tts", "{\"text\":\"a [pause:99s] b\"}", 422, "MAX_SPEECH_SILENCE");
        assertThat(server.postJson("/v1/audio/speech", start + "a [pause:1s] b\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theTextsOfAConversationCountTogether() throws Exception {
        SocketClient client =
                server.connect("/v1/text-to-speech/x/stream-input?output_format=pcm_16000");
        for (int i = 0; i < 10; i++) {
            client.send("{\"text\":\"" + "word ".repeat(12) + ". \",\"flush\":true}");
        }
        String end = "";
        for (SocketClient.Received next = client.next(); ; next = client.next()) {
            String text = next.text();
            if (text == null) {
                assertThat(next.closeCode()).isEqualTo(1008);
                break;
            }
            end = text;
        }
        assertThat(end).contains("MAX_SPEECH_CHARACTERS");
    }

    @Test
    void whatIsKeptUntilItIsWholeCountsWithWhatAllRequestsHold() throws Exception {
        try (DoorServer small =
                DoorServer.start(home.resolve("small"), "MAX_HELD_BYTES", "200000")) {
            String words = "word ".repeat(60);
            String speech =
                    "{\"model\":\"tts-1\",\"voice\":\"alloy\",\"response_format\":\"pcm\",\"input\":\"%s\"%s}";
            for (int round = 0; round < 2; round++) { // what one held is free for the next
                for (String path : List.of("/v1/audio/speech", "/dev/captioned_speech")) {
                    HttpResponse<byte[]> whole =
                            small.postJson(
                                    path,
                                    String.format(Locale.ROOT, speech, words, ",\"stream\":false"));
                    assertThat(whole.statusCode()).as("%s %s", path, body(whole)).isEqualTo(413);
                    assertThat(body(whole)).contains("MAX_HELD_BYTES");
                }
                HttpResponse<byte[]> timed =
                        small.postJson(
                                "/v1/text-to-speech/x/with-timestamps?output_format=pcm_48000",
                                "{\"text\":\"" + words + "\"}");
                assertThat(timed.statusCode()).isEqualTo(413);
                assertThat(body(timed)).contains("MAX_HELD_BYTES");
                assertThat(
                                small.postJson(
                                                "/v1/audio/speech",
                                                String.format(
                                                        Locale.ROOT,
                                                        speech,
                                                        "One.",
                                                        ",\"stream\":false"))
                                        .statusCode())
                        .isEqualTo(200);
                assertThat(
                                small.postJson(
                                                "/v1/audio/speech",
                                                String.format(Locale.ROOT, speech, words, ""))
                                        .statusCode())
                        .isEqualTo(200);
            }
        }
    }
}
