package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the speech routes refuse, before any byte of audio is sent. */
@Tag("locale")
final class SpeechRefusalsTest {
    @TempDir static Path cache;
    private static EspeakRoutes routes;

    @BeforeAll
    static void start() {
        routes = new EspeakRoutes(cache);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"speed\":5",
                ",\"speed\":0.1",
                ",\"speed\":\"x\"",
                ",\"sample_rate\":7999",
                ",\"sample_rate\":48001",
                ",\"response_format\":\"tiff\"",
                ",\"stream_format\":\"xml\"",
                ",\"voice\":\"nobody9\"",
                ",\"voice\":7",
                ",\"lang_code\":\"xx-xx\"",
                ",\"volume_multiplier\":0",
                ",\"ssml\":1",
                ",\"ssml\":true",
                ",\"ssml\":true,\"input\":\"<speak><break time='soon'/></speak>\"",
                ",\"ssml\":true,\"input\":\"<speak><voice name='nobody9'>x</voice></speak>\"",
                ",\"allow_voice_tags\":true,\"input\":\"Hi [voice:nobody9] you\"",
                ",\"voice_aliases\":{\"a\":{\"voice\":\"de\",\"rate\":9}}",
                ",\"pronunciations\":{\"a\":7}",
                ",\"pronunciations\":[\"a\"]"
            })
    void whatCannotBeDoneIsRefusedBeforeAnyAudio(String more) throws Exception {
        HttpResponse<byte[]> response = routes.speak(more);
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(body).isEqualTo(422);
        JsonNode json = Json.mapper().readTree(body);
        assertThat(json.has("detail")).isTrue();
        assertThat(json.path("error").path("message").asString()).isNotEmpty();
    }

    @Test
    void ssmlErrorsNameTheirPlace() throws Exception {
        String body =
                new String(
                        routes.speak(",\"ssml\":true,\"input\":\"<speak>\\n<sub>x</sub></speak>\"")
                                .body(),
                        StandardCharsets.UTF_8);
        assertThat(body).contains("line 2, column 1").contains("alias");
    }

    @Test
    void anUnknownVoiceIsAnsweredWithTheKnownOnes() throws Exception {
        String body =
                new String(routes.speak(",\"voice\":\"nobody9\"").body(), StandardCharsets.UTF_8);
        assertThat(body)
                .contains("Voice 'nobody9' is not supported. Supported voices: ")
                .contains("en-us");
    }

    @Test
    void nothingToSayIs400() throws Exception {
        for (String input : List.of("", "  ", "😀")) {
            HttpResponse<byte[]> response =
                    routes.post(
                            "/v1/audio/speech",
                            "{\"model\":\"tts-1\",\"input\":\""
                                    + input
                                    + "\",\"voice\":\"alloy\"}");
            assertThat(response.statusCode()).isEqualTo(400);
        }
        assertThat(routes.post("/v1/audio/speech", "no json").statusCode()).isEqualTo(400);
        assertThat(routes.post("/v1/audio/speech", "{}").statusCode()).isEqualTo(422);
        assertThat(
                        routes.post("/v1/audio/speech", "{\"model\":\"x/y\",\"input\":\"a\"}")
                                .statusCode())
                .isEqualTo(404);
    }
}
