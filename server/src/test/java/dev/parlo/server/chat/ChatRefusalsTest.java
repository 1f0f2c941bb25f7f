package dev.parlo.server.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import dev.parlo.server.http.Json;
import dev.parlo.server.llm.FakeLlm;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests of a conversation that cannot be answered, and language models that fail. */
final class ChatRefusalsTest extends ChatServers {
    @Test
    void anErrorOfTheLanguageModelHasBothShapesAndItsOwnStatus() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        for (boolean stream : new boolean[] {false, true}) {
            HttpResponse<byte[]> refused =
                    server.postJson(
                            PATH,
                            Json.text(
                                    request(llm, "Hi").put("model", "nope").put("stream", stream)));
            assertThat(refused.statusCode()).isEqualTo(404);
            JsonNode body = Json.mapper().readTree(refused.body());
            assertThat(body.path("detail").asString())
                    .startsWith("Failed to communicate with the language model API.");
            assertThat(body.path("suggested_fixes").size()).isEqualTo(4);
            assertThat(body.path("hint").isString()).isTrue();
            assertThat(body.path("error_id").isString()).isTrue();
            assertThat(body.at("/error/code").asString()).isEqualTo("model_not_found");
        }
    }

    @Test
    void withoutALanguageModelItSaysWhatToSet() throws Exception {
        try (DoorServer server = DoorServer.start(home)) {
            HttpResponse<byte[]> refused = server.postJson(PATH, "{}");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new String(refused.body(), UTF_8)).contains("CHAT_COMPLETION_BASE_URL");
            assertThat(server.get("/v1/chat/models").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aNumberBeyondEveryRangeIsRefusedAsAnyOther() throws Exception {
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        String number = "9".repeat(400);
        model(FakeLlm.Kind.OLLAMA);
        HttpResponse<byte[]> several =
                server.postJson(PATH, "{\"model\":\"m\",\"messages\":[{}],\"n\":" + number + "}");
        assertThat(several.statusCode()).isEqualTo(422);
        assertThat(new String(several.body(), UTF_8)).contains("\"n\"");
        HttpResponse<byte[]> speech =
                server.postJson("/v1/audio/speech", "{\"input\":\"Hi\",\"speed\":" + number + "}");
        assertThat(speech.statusCode()).isEqualTo(422);
        assertThat(new String(speech.body(), UTF_8)).contains("speed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                                               | 422 | messages
                    {"messages":[]}                                                  | 422 | at least one
                    {"messages":7,"model":"m"}                                       | 422 | messages
                    {"model":"m","messages":[{}],"n":2}                              | 400 | 'n' must be 1
                    {"model":"m","messages":[{}],"stream":"perhaps"}                 | 422 | stream
                    {"model":"m","messages":[{}],"modalities":["smell"]}             | 422 | 'text' or 'audio'
                    {"model":"m","messages":[{}],"modalities":"audio"}               | 422 | modalities
                    {"model":"m","messages":[{}],"audio":7}                          | 422 | dictionary
                    {"model":"m","messages":[{}],"audio":{"format":"midi"}}          | 422 | 'wav', 'mp3'
                    {"model":"m","messages":[{}],"modalities":["audio"],"audio":{"format":"wav"},"stream":true} | 422 | Unsupported value: 'audio.format' does not support 'wav' when stream=true. Supported values are: 'pcm16'.
                    {"model":"m","messages":[{}],"modalities":["audio"],"audio":{"voice":"nobody"}}             | 422 | nobody
                    {"model":"m","messages":[{}],"modalities":["audio"],"speech_extra_body":{"speed":9}}        | 422 | Speed
                    {"model":"m","messages":[{}],"transcription_extra_body":{"beam_size":0}}                    | 422 | beam_size
                    {"model":"m","messages":[{"content":[{"type":"input_audio"}]}]}                             | 400 | input_audio
                    {"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{"data":"x=y"}}]}]} | 400 | input_audio
                    {"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{"data":"QU!D"}}]}]} | 400 | its character 3 is '!'
                    {"model":"m","messages":[{"content":[{"type":"input_audio","input_audio":{"data":"QUJD"}}]}]} | 415 | audio
                    {"model":"m","messages":[{"role":"assistant","audio":{}}]}        | 400 | audio id
                    [1]                                                               | 400 | JSON object
                    {                                                                 | 400 | not valid JSON
                    """)
    void aWrongRequestIsRefusedBeforeTheLanguageModelIsAsked(String body, int status, String words)
            throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        HttpResponse<byte[]> refused = server.postJson(PATH, body);
        String text = new String(refused.body(), UTF_8);
        assertThat(refused.statusCode()).as(text).isEqualTo(status);
        assertThat(text).contains(words).contains("\"detail\"").contains("\"error\"");
        assertThat(llm.requests()).isEmpty();
    }

    @Test
    void bodiesAreBoundedAloneAndTogether() throws Exception {
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                DoorServer server =
                        server(
                                home,
                                llm,
                                "MAX_JSON_AUDIO_BYTES",
                                "100000",
                                "MAX_HELD_BYTES",
                                "200000")) {
            assertThat(
                            server.postJson(PATH, Json.text(request(llm, "x".repeat(100_000))))
                                    .statusCode())
                    .isEqualTo(413);
            HttpResponse<byte[]> held =
                    server.postJson(PATH, Json.text(request(llm, "x".repeat(90_000))));
            assertThat(held.statusCode()).isIn(413, 503);
            assertThat(new String(held.body(), UTF_8)).contains("MAX_HELD_BYTES");
            ask(server, request(llm, "x".repeat(10_000)));
        }
    }

    /** Bodies with bytes changed, cut or doubled: an answer or a clear refusal, never a failure. */
    @Test
    void brokenBodiesAreNoFailureOfTheServer() throws Exception {
        FakeLlm llm = model(FakeLlm.Kind.OLLAMA);
        DoorServer server = server(FakeLlm.Kind.OLLAMA);
        ObjectNode whole = heard(llm, "QUJD".repeat(10), "wav");
        whole.setAll(spoken(llm, "wav").without("messages"));
        byte[] valid = Json.text(whole).getBytes(UTF_8);
        Random random = new Random(17);
        for (int i = 0; i < 150; i++) {
            byte[] body = Arrays.copyOf(valid, valid.length);
            for (int k = 0; k <= random.nextInt(4); k++) {
                body[random.nextInt(body.length)] =
                        (byte) "{}[]\",:0x\u0001".charAt(random.nextInt(10));
            }
            HttpResponse<byte[]> answer =
                    server.post(
                            PATH,
                            random.nextInt(4) == 0
                                    ? Arrays.copyOf(body, random.nextInt(body.length))
                                    : body,
                            "Content-Type",
                            "application/json");
            assertThat(answer.statusCode())
                    .as(new String(body, UTF_8) + " → " + new String(answer.body(), UTF_8))
                    .isLessThan(500);
        }
    }
}
