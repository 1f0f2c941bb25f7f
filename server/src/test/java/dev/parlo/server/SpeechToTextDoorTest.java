package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.FormBody;
import dev.parlo.server.transcription.ScriptedEngine;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** ElevenLabs' speech to text. */
@Tag("locale")
class SpeechToTextDoorTest {
    @TempDir Path folder;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(folder);
        server.ask("POST", "/api/ps/" + BUILT_IN);
        engine().multilingual.set(true);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ScriptedEngine engine() {
        return server.engines.getLast();
    }

    private TranscribeOptions asked() {
        return Objects.requireNonNull(engine().asked.get());
    }

    private HttpResponse<String> send(String... texts) throws Exception {
        FormBody form = new FormBody();
        for (int i = 0; i < texts.length; i += 2) {
            form.text(texts[i], texts[i + 1]);
        }
        form.file("file", "call.wav", "audio/wav", "RIFF".getBytes(StandardCharsets.UTF_8));
        return server.post("/v1/speech-to-text", form.contentType(), form.bytes());
    }

    private JsonNode heard(String... texts) throws Exception {
        HttpResponse<String> response = send(texts);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.mapper().readTree(response.body());
    }

    private static List<String> texts(JsonNode words, String type) {
        List<String> texts = new ArrayList<>();
        for (JsonNode word : words) {
            if (word.get("type").asString().equals(type)) {
                texts.add(word.get("text").asString());
            }
        }
        return texts;
    }

    @Test
    void wordsHaveTheirTimesAndTheSpacesBetweenThemAreEntries() throws Exception {
        engine().script
                .set((options, sink, cancellation) -> {
                    ScriptedEngine.segments(options).forEach(sink::accept);
                    return new Transcript("de", 0.75, 2.5, Map.of());
                });
        JsonNode said = heard("model_id", "scribe_v1");
        assertThat(said.get("language_code").asString()).isEqualTo("deu");
        assertThat(said.get("language_probability").asDouble()).isEqualTo(0.75);
        assertThat(said.get("text").asString()).isEqualTo("Hello world. Good bye.");
        assertThat(said.get("audio_duration_secs").asDouble()).isPositive();
        assertThat(said.get("transcription_id").asString()).isNotEmpty();
        JsonNode words = said.get("words");
        assertThat(texts(words, "word")).containsExactly("Hello", "world.", "Good", "bye.");
        assertThat(texts(words, "spacing")).containsExactly(" ", " ", " ");
        assertThat(words.get(0).toString())
                .isEqualTo(
                        "{\"text\":\"Hello\",\"start\":0.1,\"end\":0.6,\"type\":\"word\","
                                + "\"speaker_id\":null,\"logprob\":"
                                + Math.log(0.9)
                                + "}");
        // The pause between two segments.
        assertThat(words.get(3).get("start").asDouble()).isEqualTo(1.2);
        assertThat(words.get(3).get("end").asDouble()).isEqualTo(1.5);
    }

    @Test
    void charactersShareTheTimeOfTheirWord() throws Exception {
        JsonNode hello =
                heard("model_id", "scribe_v2", "timestamps_granularity", "character")
                        .at("/words/0");
        assertThat(hello.get("characters").size()).isEqualTo(5);
        assertThat(hello.at("/characters/0").toString())
                .isEqualTo("{\"text\":\"H\",\"start\":0.1,\"end\":0.2}");
        assertThat(hello.at("/characters/4/end").asDouble()).isEqualTo(0.6);
    }

    @Test
    void withoutTimesWordsAreNotAligned() throws Exception {
        JsonNode said = heard("timestamps_granularity", "none");
        assertThat(asked().wordTimestamps()).isFalse();
        assertThat(said.get("text").asString()).isEqualTo("Hello world. Good bye.");
        assertThat(texts(said.get("words"), "word"))
                .containsExactly("Hello", "world.", "Good", "bye.");
        for (JsonNode word : said.get("words")) {
            assertThat(word.get("start").isNull()).isTrue();
        }
    }

    @Test
    void fieldsMeanWhatTheyMeanInATranscription() throws Exception {
        heard(
                "model_id",
                "scribe_v1_experimental",
                "language_code",
                "deu",
                "seed",
                "7",
                "temperature",
                "0.5",
                "keyterms",
                "[\"Parlo\", \"Zürich\"]",
                "tag_audio_events",
                "true",
                "num_speakers",
                "2",
                "webhook",
                "false");
        assertThat(asked().language()).isEqualTo("de");
        assertThat(asked().temperatures()).containsExactly(0.5);
        assertThat(asked().hotwords()).isEqualTo("Parlo, Zürich");
        heard("keyterms", "one", "keyterms", "two", "language_code", "null", "seed", "null");
        assertThat(asked().hotwords()).isEqualTo("one, two");
        heard("keyterms", "[\"one\", null]");
        assertThat(asked().hotwords()).isEqualTo("one");
        assertThat(asked().language()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "timestamps_granularity,letter",
        "num_speakers,0",
        "num_speakers,33",
        "diarize,perhaps",
        "seed,-1",
        "temperature,2.5",
        "file_format,mp3",
        "multichannel_output_style,both",
        "webhook,true",
        "additional_formats,[{}]",
        "entity_detection,all",
        "source_url,http://localhost/a.wav"
    })
    void aWrongValueIsRefusedByItsName(String name, String value) throws Exception {
        HttpResponse<String> response = send("model_id", "scribe_v1", name, value);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        assertThat(Json.mapper().readTree(response.body()).at("/error/param").asString())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({"diarize,true,404", "use_multi_channel,true,400", "model_id,acme/none,404"})
    void whatCannotBeDoneIsSaid(String name, String value, int status) throws Exception {
        assertThat(send(name, value).statusCode()).isEqualTo(status);
    }

    @Test
    void aFileIsNeededOrItsAddress() throws Exception {
        FormBody none = new FormBody().text("model_id", "scribe_v1");
        HttpResponse<String> response =
                server.post("/v1/speech-to-text", none.contentType(), none.bytes());
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body()).contains("[\"body\",\"file\"]");
        FormBody address = new FormBody().text("cloud_storage_url", "https://example.org/a.wav");
        response = server.post("/v1/speech-to-text", address.contentType(), address.bytes());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("FILE_URLS=true").contains("\"cloud_storage_url\"");
    }
}
