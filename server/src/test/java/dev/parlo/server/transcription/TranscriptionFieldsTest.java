package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Tag("locale")
class TranscriptionFieldsTest extends TranscriptionTest {
    private TranscribeOptions asked(String... fields) throws Exception {
        HttpResponse<String> response = server.transcribe(fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Objects.requireNonNull(server.engine.asked.get());
    }

    private JsonNode rejected(int status, String... fields) throws Exception {
        HttpResponse<String> response = server.transcribe(fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        return Json.mapper().readTree(response.body());
    }

    @Test
    void withoutOptionsTheEngineIsAskedForItsDefaultsInBatches() throws Exception {
        assertThat(asked())
                .isEqualTo(TranscribeOptions.builder().language("en").batchSize(8).build());
    }

    @Test
    void whatKnowsTheTextBeforeItIsNotBatched() throws Exception {
        assertThat(asked("batch_size", "0").batchSize()).isNull();
        assertThat(asked("batch_size", "3").batchSize()).isEqualTo(3);
        assertThat(asked("vad_filter", "false").batchSize()).isNull();
        assertThat(asked("vad_filter", "false", "batch_size", "2").batchSize()).isEqualTo(2);
        assertThat(asked("clip_timestamps", "1,2").batchSize()).isNull();
        assertThat(asked("hallucination_silence_threshold", "2").batchSize()).isNull();
        assertThat(asked("condition_on_previous_text", "true").batchSize()).isNull();
        assertThat(asked("condition_on_previous_text", "false").batchSize()).isEqualTo(8);
        JsonNode both = rejected(422, "condition_on_previous_text", "on", "batch_size", "4");
        assertThat(both.at("/detail/0/loc/1").asString()).isEqualTo("condition_on_previous_text");
    }

    @Test
    void everyOptionReachesTheEngine() throws Exception {
        server.engine.multilingual.set(true);
        TranscribeOptions options =
                asked(
                        "language",
                        "de-CH",
                        "task",
                        "translate",
                        "beam_size",
                        "2",
                        "best_of",
                        "3",
                        "patience",
                        "1.5",
                        "length_penalty",
                        "0.5",
                        "repetition_penalty",
                        "1.2",
                        "no_repeat_ngram_size",
                        "4",
                        "temperature",
                        "0.3",
                        "compression_ratio_threshold",
                        "none",
                        "log_prob_threshold",
                        "-0.5",
                        "no_speech_threshold",
                        "null",
                        "condition_on_previous_text",
                        "no",
                        "prompt_reset_on_temperature",
                        "0.4",
                        "prompt",
                        "Hi.",
                        "prompt_tokens",
                        "[1, 2]",
                        "prefix",
                        "So",
                        "suppress_blank",
                        "0",
                        "suppress_tokens",
                        "-1,7",
                        "without_timestamps",
                        "True",
                        "max_initial_timestamp",
                        "0.5",
                        "word_timestamps",
                        "on",
                        "prepend_punctuations",
                        "(",
                        "append_punctuations",
                        ")",
                        "multilingual",
                        "t",
                        "max_new_tokens",
                        "9",
                        "chunk_length",
                        "20",
                        "audio_ctx",
                        "500",
                        "clip_timestamps",
                        "1,2.5",
                        "hallucination_silence_threshold",
                        "2",
                        "hotwords",
                        "Parlo",
                        "language_detection_threshold",
                        "0.7",
                        "language_detection_segments",
                        "3",
                        "seed",
                        "-9007199254740993",
                        "include[]",
                        "logprobs");
        assertThat(options)
                .usingRecursiveComparison()
                .isEqualTo(
                        TranscribeOptions.builder()
                                .language("de")
                                .task(Task.TRANSLATE)
                                .beamSize(2)
                                .bestOf(3)
                                .patience(1.5)
                                .lengthPenalty(0.5)
                                .repetitionPenalty(1.2)
                                .noRepeatNgramSize(4)
                                .temperatures(List.of(0.3))
                                .compressionRatioThreshold(null)
                                .logProbThreshold(-0.5)
                                .noSpeechThreshold(null)
                                .conditionOnPreviousText(false)
                                .promptResetOnTemperature(0.4)
                                .initialPrompt("Hi.")
                                .promptTokens(new int[] {1, 2})
                                .prefix("So")
                                .suppressBlank(false)
                                .suppressTokens(List.of(-1, 7))
                                .withoutTimestamps(true)
                                .maxInitialTimestamp(0.5)
                                .wordTimestamps(true)
                                .prependPunctuations("(")
                                .appendPunctuations(")")
                                .multilingual(true)
                                .maxNewTokens(9)
                                .chunkLengthSeconds(20)
                                .audioContext(500)
                                .clipTimestamps(List.of(1.0, 2.5))
                                .hallucinationSilenceThreshold(2.0)
                                .hotwords("Parlo")
                                .languageDetectionThreshold(0.7)
                                .languageDetectionSegments(3)
                                .seed(OptionalLong.of(-9007199254740993L))
                                .tokenLogProbabilities(true)
                                .build());
    }

    @Test
    void listsAreTakenInOneFieldAsInSeveral() throws Exception {
        for (String list : new String[] {"0,0.4", "[0, 0.4]", "[0.0,0.4]"}) {
            assertThat(asked("temperature", list).temperatures()).containsExactly(0.0, 0.4);
        }
        for (String list : new String[] {"segment,word", "[\"word\", \"segment\"]", "[\"word\"]"}) {
            assertThat(
                            asked(
                                            "response_format",
                                            "verbose_json",
                                            "timestamp_granularities",
                                            list)
                                    .wordTimestamps())
                    .as(list)
                    .isTrue();
        }
        assertThat(
                        rejected(422, "timestamp_granularities", "[\"word\",\"letter\"]")
                                .at("/detail/0/input")
                                .asString())
                .isEqualTo("letter");
    }

    @Test
    void aPartThatEndsBeforeItStartsIsRefused() throws Exception {
        for (String clips : new String[] {"3,1", "0,1,5,4"}) {
            assertThat(rejected(422, "clip_timestamps", clips).at("/detail/0/msg").asString())
                    .contains("must not end before it starts");
        }
        assertThat(asked("clip_timestamps", "4,5,1,2,3,3").clipTimestamps()).hasSize(6);
    }

    @Test
    void temperatureZeroIsTheLadderAndOthersAreAsGiven() throws Exception {
        List<Double> ladder = TranscribeOptions.FALLBACK_TEMPERATURES;
        assertThat(asked("temperature", "0").temperatures()).isEqualTo(ladder);
        assertThat(asked("temperature", "0.0").temperatures()).isEqualTo(ladder);
        assertThat(asked("temperature", "0.4").temperatures()).containsExactly(0.4);
        assertThat(asked("temperature", "0", "temperature", "0.5").temperatures())
                .containsExactly(0.0, 0.5);
        assertThat(asked("temperature_fallback", "false").temperatures()).containsExactly(0.0);
    }

    @ParameterizedTest
    @CsvSource({"en-US, en", "de, de", "DE_ch, de", "German, de", "nb, no", "zh-TW, zh", "jv, jw"})
    void languagesAreUnderstoodAsClientsWriteThem(String given, String code) throws Exception {
        server.engine.multilingual.set(true);
        assertThat(asked("language", given).language()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"und", "auto", "UND", " auto "})
    void anUndeterminedLanguageIsDetected(String given) throws Exception {
        server.engine.multilingual.set(true);
        assertThat(asked("language", given).language()).isNull();
    }

    @Test
    void listsMayBeWrittenWithIndices() throws Exception {
        server.engine.multilingual.set(true);
        assertThat(asked("languages[0]", "de", "languages[1]", "en").languages())
                .containsExactly("de", "en");
        assertThat(asked("temperature[0]", "0.2", "temperature[1]", "0.4").temperatures())
                .containsExactly(0.2, 0.4);
        assertThat(asked("include[0]", "logprobs").tokenLogProbabilities()).isTrue();
    }

    @Test
    void clipsThatAddUpToMoreThanTheLongestAudioAreRefused() throws Exception {
        String often = "0,1,".repeat(101) + "0,1";
        assertThat(rejected(413, "clip_timestamps", often).get("detail").asString())
                .contains("clip_timestamps")
                .contains("MAX_AUDIO_SECONDS");
        rejected(413, "clip_timestamps", "0,0.01,".repeat(101) + "0,1");
        rejected(413, "clip_timestamps", "0,9999,".repeat(30) + "0");
        assertThat(asked("clip_timestamps", "0,9999,".repeat(15) + "4").clipTimestamps())
                .hasSize(31);
        assertThat(asked("clip_timestamps", "0,9999").clipTimestamps()).hasSize(2);
        assertThat(asked("clip_timestamps", "2,2,".repeat(200) + "0,1").clipTimestamps())
                .hasSize(402);
    }

    @Test
    void severalLanguagesAreAChoiceAndOneIsTheLanguage() throws Exception {
        server.engine.multilingual.set(true);
        TranscribeOptions several = asked("languages[]", "de-AT", "languages[]", "English");
        assertThat(several.language()).isNull();
        assertThat(several.languages()).containsExactly("de", "en");
        assertThat(asked("languages[]", "German").language()).isEqualTo("de");
        assertThat(asked("languages[]", "de", "language", "en").language()).isEqualTo("en");
        rejected(400, "languages[]", "xx");
        server.engine.multilingual.set(false);
        assertThat(asked("languages[]", "de", "languages[]", "no").languages()).isEmpty();
    }

    @Test
    void theParameterOfARepeatedFieldIsItsName() throws Exception {
        assertThat(rejected(422, "temperature", "hot").at("/error/param").asString())
                .isEqualTo("temperature");
        assertThat(rejected(422, "beam_size", "x").at("/error/param").asString())
                .isEqualTo("beam_size");
    }

    @Test
    void keywordsAreHotwords() throws Exception {
        assertThat(asked("keywords[]", "Parlo", "keywords[]", "ONNX").hotwords())
                .isEqualTo("Parlo, ONNX");
        assertThat(asked("keywords[]", "Parlo", "hotwords", "Java").hotwords()).isEqualTo("Java");
    }

    @Test
    void anEnglishModelTakesAnyLanguageAsEnglish() throws Exception {
        assertThat(asked("language", "de").language()).isEqualTo("en");
    }

    @Test
    void anUnknownLanguageIsRefusedNamingTheKnown() throws Exception {
        server.engine.multilingual.set(true);
        assertThat(rejected(400, "language", "xx").get("detail").asString())
                .contains("'xx'")
                .contains("en, de, no");
    }

    @Test
    void emptyFieldsCountAsNotSent() throws Exception {
        assertThat(asked("language", "", "temperature", "", "response_format", "").beamSize())
                .isEqualTo(5);
    }

    @Test
    void wordTimesAreAskedForOnlyWhereTheyAreShown() throws Exception {
        assertThat(asked("timestamp_granularities[]", "word").wordTimestamps()).isFalse();
        assertThat(
                        asked(
                                        "response_format",
                                        "verbose_json",
                                        "timestamp_granularities[]",
                                        "word")
                                .wordTimestamps())
                .isTrue();
        assertThat(asked("response_format", "srt", "max_line_width", "40").wordTimestamps())
                .isTrue();
    }

    @Test
    void everyWrongFieldIsNamedInBothShapes() throws Exception {
        JsonNode body =
                rejected(
                        422,
                        "response_format",
                        "xml",
                        "temperature",
                        "hot",
                        "beam_size",
                        "0",
                        "stream",
                        "maybe",
                        "timestamp_granularities[]",
                        "letter");
        assertThat(body.get("detail").toString())
                .contains(
                        "{\"type\":\"literal_error\",\"loc\":[\"body\",\"response_format\"],"
                                + "\"msg\":\"Input should be 'text', 'json', 'verbose_json', 'srt',"
                                + " 'vtt' or 'diarized_json'\",\"input\":\"xml\",\"ctx\":{\"expected\":\"'text', 'json',"
                                + " 'verbose_json', 'srt', 'vtt' or 'diarized_json'\"}}")
                .contains("\"loc\":[\"body\",\"timestamp_granularities[]\",0]")
                .contains("float_parsing")
                .contains("bool_parsing")
                .contains("\"msg\":\"Input should be greater than or equal to 1\"");
        assertThat(body.get("detail")).hasSize(5);
        assertThat(body.get("error").get("type").asString()).isEqualTo("invalid_request_error");
    }
}
