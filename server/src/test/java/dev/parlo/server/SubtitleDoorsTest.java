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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import tools.jackson.databind.JsonNode;

/** The protocols of whisper-asr-webservice, whisper.cpp's server and Fish Audio's recognition. */
class SubtitleDoorsTest {
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

    private HttpResponse<String> send(String path, String field, String... texts) throws Exception {
        FormBody form = new FormBody();
        for (int i = 0; i < texts.length; i += 2) {
            form.text(texts[i], texts[i + 1]);
        }
        form.file(
                field, "a film é.mkv", "video/x-matroska", "RIFF".getBytes(StandardCharsets.UTF_8));
        return server.post(path, form.contentType(), form.bytes());
    }

    @ParameterizedTest
    @CsvSource({"/inference,file", "/asr,audio_file", "/detect-language,audio_file"})
    void anEmptyFieldIsAnsweredAsIfItWereNotThere(String path, String file) throws Exception {
        List<String> fields =
                List.of(
                        "model",
                        "language",
                        "prompt",
                        "initial_prompt",
                        "response_format",
                        "output",
                        "task",
                        "temperature",
                        "temperature_inc",
                        "beam_size",
                        "offset_t",
                        "translate",
                        "vad",
                        "vad_filter",
                        "word_timestamps",
                        "encode",
                        "min_speakers");
        String without = send(path, file).body();
        String[] inForm =
                fields.stream().flatMap(name -> Stream.of(name, "")).toArray(String[]::new);
        assertThat(send(path, file, inForm).body()).isEqualTo(without);
        assertThat(send(path + "?" + String.join("=&", fields) + "=", file).body())
                .isEqualTo(without);
    }

    @Test
    void aFileNameOfKilobytesIsShortenedAndTheTranscriptComes() throws Exception {
        FormBody form = new FormBody();
        byte[] audio = "RIFF".getBytes(StandardCharsets.UTF_8);
        form.file("audio_file", "\u0130".repeat(3000), "audio/wav", audio);
        HttpResponse<String> answer = server.post("/asr", form.contentType(), form.bytes());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("Hello world.\nGood bye.\n");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"" + "%C4%B0".repeat(255) + ".txt\"");
    }

    @Test
    void everyOutputOfAsrIsPlainTextInAFileNamedAfterTheUpload() throws Exception {
        assertThat(send("/asr", "audio_file").body()).isEqualTo("Hello world.\nGood bye.\n");
        assertThat(send("/asr?output=txt", "audio_file").body())
                .isEqualTo("Hello world.\nGood bye.\n");
        assertThat(send("/asr?output=tsv", "audio_file").body())
                .isEqualTo("start\tend\ttext\n100\t1200\tHello world.\n1500\t2500\tGood bye.\n");
        assertThat(send("/asr?output=srt", "audio_file").body())
                .startsWith("1\n00:00:00,100 --> 00:00:01,200\n");
        HttpResponse<String> vtt = send("/asr?output=vtt", "audio_file");
        assertThat(vtt.body()).startsWith("WEBVTT\n\n");
        assertThat(vtt.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
        assertThat(vtt.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"a%20film%20%C3%A9.mkv.vtt\"");
        JsonNode json =
                Json.mapper()
                        .readTree(
                                send("/asr?output=json&word_timestamps=true", "audio_file").body());
        assertThat(json.path("text").asString()).isEqualTo(" Hello world. Good bye.");
        assertThat(json.path("language").asString()).isEqualTo("en");
        assertThat(json.at("/segments/1/start").asDouble()).isEqualTo(1.5);
        assertThat(json.at("/segments/0/words/1/word").asString()).isEqualTo(" world.");
    }

    @Test
    void theParametersOfAsrAreThoseOfATranscription() throws Exception {
        var answer =
                send(
                        "/asr?task=translate&language=German&initial_prompt=Names"
                                + "&vad_filter=false&word_timestamps=true",
                        "audio_file");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(asked().task()).isEqualTo(TranscribeOptions.Task.TRANSLATE);
        assertThat(asked().language()).isEqualTo("de");
        assertThat(asked().initialPrompt()).isEqualTo("Names");
        assertThat(asked().wordTimestamps()).isTrue();
    }

    @Test
    void theLanguageIsToldByWhispersNameAndCode() throws Exception {
        engine().script
                .set((options, sink, cancellation) -> new Transcript("jw", 0.75, 30, Map.of()));
        assertThat(send("/detect-language?encode=true", "audio_file").body())
                .isEqualTo(
                        "{\"detected_language\":\"javanese\",\"language_code\":\"jw\","
                                + "\"confidence\":0.75}");
        assertThat(asked().language()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "/asr?output=docx,audio_file,output",
        "/asr?task=sing,audio_file,task",
        "/asr,file,audio_file",
        "/detect-language,file,audio_file",
        "/detect-language?encode=maybe,audio_file,encode",
        "/inference,audio_file,file"
    })
    void whatIsWrongOrMissingAtADoorIsNamedByItsOwnName(String path, String field, String name)
            throws Exception {
        HttpResponse<String> answer = send(path, field);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("\"" + name + "\"");
    }

    @Test
    void everyFormatOfInferenceIsThatOfWhisperCpp() throws Exception {
        assertThat(send("/inference", "file").body())
                .isEqualTo("{\"text\":\" Hello world.\\n Good bye.\\n\"}");
        HttpResponse<String> text = send("/inference", "file", "response_format", "text");
        assertThat(text.body()).isEqualTo(" Hello world.\n Good bye.\n");
        assertThat(send("/inference", "file", "response_format", "vtt").body())
                .startsWith("WEBVTT\n\n");
        HttpResponse<String> srt = send("/inference", "file", "response_format", "srt");
        assertThat(srt.headers().firstValue("Content-Type")).hasValue("application/x-subrip");
        assertThat(srt.body()).startsWith("1\n00:00:00,100 --> ");
        JsonNode verbose =
                Json.mapper()
                        .readTree(
                                send("/inference", "file", "response_format", "verbose_json")
                                        .body());
        assertThat(verbose.path("task").asString()).isEqualTo("transcribe");
        assertThat(verbose.path("language").asString()).isEqualTo("english");
        assertThat(verbose.at("/segments/0/words/0/word").asString()).isEqualTo(" Hello");
        assertThat(verbose.at("/segments/0/words/0/t_dtw").asInt()).isEqualTo(-1);
    }

    @Test
    void theFieldsOfInferenceAreThoseOfATranscriptionUnderWhisperCppsNames() throws Exception {
        HttpResponse<String> answer =
                send(
                        "/inference", "file",
                        "temperature", "0.4",
                        "temperature_inc", "0.3",
                        "language", "de",
                        "translate", "true",
                        "prompt", "Names",
                        "beam_size", "-1",
                        "best_of", "3",
                        "offset_t", "1500",
                        "duration", "2000",
                        "no_speech_thold", "0.5",
                        "unknown_field", "1");
        assertThat(answer.body()).startsWith("{\"text\":");
        assertThat(asked().temperatures()).containsExactly(0.4, 0.7, 1.0);
        assertThat(asked().language()).isEqualTo("de");
        assertThat(asked().task()).isEqualTo(TranscribeOptions.Task.TRANSLATE);
        assertThat(asked().initialPrompt()).isEqualTo("Names");
        assertThat(asked().bestOf()).isEqualTo(3);
        assertThat(asked().beamSize()).isEqualTo(TranscribeOptions.defaults().beamSize());
        assertThat(asked().clipTimestamps()).containsExactly(1.5, 3.5);
        assertThat(asked().noSpeechThreshold()).isEqualTo(0.5);
        send("/inference", "file", "temperature", "0.0", "temperature_inc", "0");
        assertThat(asked().temperatures()).containsExactly(0.0);
    }

    private HttpResponse<String> fish(byte[] audio, String language, boolean ignoreTimestamps)
            throws Exception {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(3);
            out.packString("audio").packBinaryHeader(audio.length).writePayload(audio);
            out.packString("language").packString(language);
            out.packString("ignore_timestamps").packBoolean(ignoreTimestamps);
            return server.post("/v1/asr", "application/msgpack", out.toByteArray());
        }
    }

    @Test
    void fishAudiosRecognitionTakesMessagePackAndForms() throws Exception {
        byte[] audio = "RIFF".getBytes(StandardCharsets.UTF_8);
        assertThat(fish(audio, "de", true).body())
                .isEqualTo(
                        "{\"text\":\"Hello world. Good bye.\",\"duration\":2500.0,\"segments\":[]}");
        assertThat(asked().language()).isEqualTo("de");
        assertThat(fish(audio, "de", false).body())
                .contains("{\"text\":\"Good bye.\",\"start\":1.5,\"end\":2.5}");
        assertThat(send("/v1/asr", "audio", "ignore_timestamps", "true").body())
                .contains("\"segments\":[]");
        assertThat(send("/v1/asr", "file").statusCode()).isEqualTo(422);
        assertThat(server.post("/v1/asr", "application/msgpack", new byte[] {(byte) 0x80}).body())
                .contains("Field required", "audio");
        assertThat(server.post("/v1/asr", "application/msgpack", new byte[] {1, 2, 3}).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aModelThatIsNamedAnswersAndOneThatIsNotHereIsNotFound() throws Exception {
        assertThat(send("/inference", "file", "model", BUILT_IN).statusCode()).isEqualTo(200);
        assertThat(send("/inference", "file", "model", "Acme/nope").statusCode()).isEqualTo(404);
        assertThat(send("/asr?model=Acme/nope", "audio_file").statusCode()).isEqualTo(404);
        assertThat(send("/detect-language?model=Acme/nope", "audio_file").statusCode())
                .isEqualTo(404);
    }

    @Test
    void theLoadedModelAnswersWhereNoneIsNamed() throws Exception {
        server.ask("DELETE", "/api/ps/" + BUILT_IN);
        assertThat(server.ask("POST", "/v1/models/" + RunningServer.REMOTE).statusCode())
                .isLessThan(300);
        server.ask("POST", "/api/ps/" + BUILT_IN);
        // Where nothing is loaded, what was installed goes before what came with the server.
        ScriptedEngine loaded = engine();
        assertThat(send("/asr", "audio_file").statusCode()).isEqualTo(200);
        assertThat(engine()).isSameAs(loaded);
        server.ask("DELETE", "/api/ps/" + BUILT_IN);
        assertThat(send("/asr", "audio_file").statusCode()).isEqualTo(200);
        assertThat(server.ask("GET", "/api/ps").body()).contains(RunningServer.REMOTE);
    }

    @Test
    void theDoorsNeedTheKeyAsEverywhere() throws Exception {
        try (RunningServer closed = new RunningServer(folder.resolve("closed"), "API_KEY", "k")) {
            FormBody form = new FormBody().file("audio_file", "a", "audio/wav", new byte[] {1, 2});
            for (String path : new String[] {"/asr", "/detect-language", "/inference"}) {
                assertThat(closed.post(path, form.contentType(), form.bytes()).statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(
                            closed.post(
                                            "/asr",
                                            form.contentType(),
                                            form.bytes(),
                                            "Authorization",
                                            "Bearer k")
                                    .statusCode())
                    .isEqualTo(200);
        }
    }
}
