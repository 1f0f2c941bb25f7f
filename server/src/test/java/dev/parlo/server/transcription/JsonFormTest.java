package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transcriptions asked for in JSON, as Open WebUI can. */
class JsonFormTest extends TranscriptionTest {
    private HttpResponse<String> ask(String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.uri("/v1/audio/transcriptions"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aRecordingInJsonIsTranscribedAsThatOfAForm() throws Exception {
        HttpResponse<String> form =
                server.transcribe(
                        "language", "en",
                        "response_format", "verbose_json",
                        "timestamp_granularities[]", "word",
                        "timestamp_granularities[]", "segment",
                        "temperature", "0.5");
        HttpResponse<String> json =
                ask(
                        """
                        {"model": "test/model", "language": "en", "prompt": null, "temperature": 0.5,
                         "response_format": "verbose_json",
                         "timestamp_granularities": ["word", "segment"],
                         "input_audio": {"data": "UklG\\nRg==", "format": "wav"}}
                        """);
        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(json.body()).isEqualTo(form.body());
    }

    @Test
    void whatIsMissingOrWrongInJsonIsNamedAsInAForm() throws Exception {
        HttpResponse<String> missing = ask("{\"language\": \"en\"}");
        assertThat(missing.statusCode()).isEqualTo(422);
        assertThat(missing.body()).contains("[\"body\",\"file\"]").contains("[\"body\",\"model\"]");
        HttpResponse<String> wrong =
                ask(
                        "{\"model\": \"test/model\", \"temperature\": {\"a\": 1}, \"input_audio\":"
                                + " {\"data\": \"UklGRg==\"}}");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("temperature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\": \"test/model\", \"input_audio\": {\"data\": \"A\"}}",
                "{\"model\": \"test/model\", \"input_audio\": {\"data\": \"UklG Rg==\"}}",
                "{\"model\": \"test/model\", \"input_audio\": {\"data\": \"UklGRg==UklG\"}}",
                "{\"model\": \"test/model\", \"input_audio\": {\"data\": 5}}",
                "{\"model\": \"test/model\", \"input_audio\": {}}",
                "{\"model\": \"test/model\", \"input_audio\": \"UklGRg==\"}",
                "{\"model\": \"test/model\", \"input_audio\": ",
                "[1]",
                ""
            })
    void jsonThatHoldsNoRecordingIsABadRequest(String body) throws Exception {
        assertThat(ask(body).statusCode()).isEqualTo(400);
    }

    @Test
    void tooLargeARecordingInJsonIsRefusedNamingTheLimit() throws Exception {
        byte[] large = new byte[(int) TranscriptionServer.MAX_FILE + 1];
        HttpResponse<String> response =
                ask(
                        "{\"model\": \"test/model\", \"input_audio\": {\"data\": \""
                                + Base64.getEncoder().encodeToString(large)
                                + "\"}}");
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains(String.valueOf(TranscriptionServer.MAX_FILE));
    }
}
