package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Forms as they come, and what a failure is answered with. */
@Tag("locale")
class TranscriptionFormTest extends TranscriptionTest {
    private static final byte[] AUDIO = "RIFF".getBytes(StandardCharsets.UTF_8);

    @Test
    void missingFieldsAreNamed() throws Exception {
        HttpResponse<String> response =
                server.post("/v1/audio/transcriptions", new FormBody().text("model", ""));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body())
                .contains(
                        "{\"type\":\"missing\",\"loc\":[\"body\",\"file\"],\"msg\":\"Field"
                                + " required\",\"input\":null}")
                .contains("[\"body\",\"model\"]");
    }

    @Test
    void aBodyThatIsNoFormHasNoFields() throws Exception {
        HttpResponse<String> response = server.send("POST", "/v1/audio/transcriptions");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("Field required");
    }

    @Test
    void aFileNeedsNoFileName() throws Exception {
        FormBody form =
                new FormBody()
                        .part("form-data; name=\"file\"", "application/octet-stream", AUDIO)
                        .text("model", "test/model");
        assertThat(server.post("/v1/audio/transcriptions", form).statusCode()).isEqualTo(200);
    }

    @Test
    void theTrailingSlashIsTheSamePath() throws Exception {
        FormBody form =
                new FormBody().text("model", "test/model").file("file", "a", "audio/wav", AUDIO);
        assertThat(server.post("/v1/audio/transcriptions/", form).statusCode()).isEqualTo(200);
    }

    @Test
    void tooLargeAFileIsRefusedNamingTheLimit() throws Exception {
        byte[] large = new byte[(int) TranscriptionServer.MAX_FILE + 1];
        FormBody form =
                new FormBody().text("model", "test/model").file("file", "a", "audio/wav", large);
        HttpResponse<String> response = server.post("/v1/audio/transcriptions", form);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains(String.valueOf(TranscriptionServer.MAX_FILE));
    }

    @Test
    void severalFilesTogetherAreLimitedToo() throws Exception {
        byte[] half = new byte[(int) TranscriptionServer.MAX_FILE / 2 + 1];
        FormBody form =
                new FormBody()
                        .text("model", "test/model")
                        .file("other", "a", "audio/wav", half)
                        .file("file", "b", "audio/wav", half);
        assertThat(server.post("/v1/audio/transcriptions", form).statusCode()).isEqualTo(413);
    }

    @Test
    void tooLongATextIsAParseError() throws Exception {
        FormBody form = new FormBody().text("prompt", "x".repeat((1 << 20) + 1)).text("model", "m");
        HttpResponse<String> response = server.post("/v1/audio/transcriptions", form);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("There was an error parsing the body");
        assertThat(response.body()).contains("The field prompt is too long");
    }

    @Test
    void aFormThatIsNotReadIsToldWhy() throws Exception {
        FormBody form = new FormBody();
        for (int i = 0; i < 1001; i++) {
            form.text("x" + i, "1");
        }
        HttpResponse<String> response = server.post("/v1/audio/transcriptions", form);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .contains("\"detail\":\"There was an error parsing the body\"")
                .contains("The form has more than 1000 parts.");
    }

    @Test
    void whatIsNoAudioIs415() throws Exception {
        FormBody form =
                new FormBody()
                        .text("model", "test/model")
                        .file(
                                "file",
                                "a",
                                "audio/wav",
                                "not audio".getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> response = server.post("/v1/audio/transcriptions", form);
        assertThat(response.statusCode()).isEqualTo(415);
    }

    @Test
    void anUnknownModelIs404InBothShapes() throws Exception {
        FormBody form = new FormBody().text("model", "who/knows").file("file", "a", "a/b", AUDIO);
        HttpResponse<String> response = server.post("/v1/audio/transcriptions", form);
        assertThat(response.statusCode()).isEqualTo(404);
        JsonNode body = Json.mapper().readTree(response.body());
        assertThat(body.get("detail").asString()).contains("who/knows");
        assertThat(body.get("error").get("code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void translationWithAnEnglishModelIs400() throws Exception {
        FormBody form = new FormBody().text("model", "test/model").file("file", "a", "a/b", AUDIO);
        HttpResponse<String> response = server.post("/v1/audio/translations", form);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("English only");
    }

    @Test
    void translationAnswersTextAloneAndTheSourceLanguage() throws Exception {
        server.engine.multilingual.set(true);
        FormBody form = new FormBody().text("model", "test/model").file("file", "a", "a/b", AUDIO);
        assertThat(server.post("/v1/audio/translations", form).body())
                .isEqualTo("{\"text\":\"Hello world. Good bye.\"}");
        assertThat(Objects.requireNonNull(server.engine.asked.get()).task())
                .isEqualTo(Task.TRANSLATE);
    }

    @ParameterizedTest
    @EnumSource(Category.class)
    void everyFailureOfTheEngineHasItsStatus(Category category) throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            throw new EngineException(category, "Because.");
        });
        int status =
                switch (category) {
                    case BAD_REQUEST, BAD_AUDIO -> 400;
                    case UNSUPPORTED_AUDIO -> 415;
                    case TOO_LARGE -> 413;
                    case OVERLOADED -> 429;
                    case NO_SPACE -> 507;
                    case DEVICE_LOST, STUCK, CANCELLED -> 503;
                    case BAD_MODEL, INTERNAL -> 500;
                };
        HttpResponse<String> response = server.transcribe();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains("\"detail\":\"Because.\"");
        assertThat(response.headers().firstValue("Retry-After").isPresent())
                .isEqualTo(
                        Set.of(Category.OVERLOADED, Category.DEVICE_LOST, Category.STUCK)
                                .contains(category));
    }

    @Test
    void anUnexpectedFailureTellsAnIdAndNoStack() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            throw new IllegalStateException("secret path");
        });
        HttpResponse<String> response = server.transcribe();
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("error id").doesNotContain("secret");
    }

    @Test
    void anExceptionOfJavaThatTheEngineMetIsNotToldToClients() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            RuntimeException cause = new NegativeArraySizeException("-94967296");
            throw new EngineException(Category.INTERNAL, "It failed: " + cause, cause);
        });
        HttpResponse<String> response = server.transcribe();
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("error id").doesNotContain("java.lang");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/audio/transcriptions",
                "/v1/audio/transcriptions/",
                "/v1/audio/translations",
                "/v1/audio/translations/"
            })
    void probesOfThePathsAreAnswered(String path) throws Exception {
        assertThat(server.send("GET", path).statusCode()).isEqualTo(200);
        assertThat(server.send("GET", path).body()).startsWith("{\"usage\":");
        assertThat(server.send("HEAD", path).statusCode()).isEqualTo(200);
    }

    @Test
    void unknownPathsAndMethodsAreAnsweredAsSpeachesDoes() throws Exception {
        assertThat(server.send("GET", "/v1/readyz").body()).startsWith("{\"detail\":\"Not Found\"");
        HttpResponse<String> response = server.send("DELETE", "/v1/audio/transcriptions");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).startsWith("{\"detail\":\"Method Not Allowed\"");
    }
}
