package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("locale")
class TranscriptionFormatsTest {
    @TempDir static Path directory;
    private TranscriptionServer server;

    @BeforeAll
    void start() {
        server = new TranscriptionServer(directory, Duration.ofMinutes(10));
    }

    @BeforeEach
    void reset() {
        server.engine.script.set(ScriptedEngine.HELLO);
        server.engine.multilingual.set(false);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** As OpenAI has it; LiteLLM refuses a whole answer for a fraction here. */
    @ParameterizedTest
    @ValueSource(strings = {"json", "verbose_json"})
    void usageIsAWholeNumberOfSeconds(String format) throws Exception {
        JsonNode seconds =
                Json.mapper()
                        .readTree(server.transcribe("response_format", format).body())
                        .at("/usage/seconds");
        assertThat(seconds.isIntegralNumber()).as("%s", seconds).isTrue();
        assertThat(seconds.asInt()).as("begun seconds of 2.5").isEqualTo(3);
    }

    @Test
    void jsonIsTheDefault() throws Exception {
        HttpResponse<String> response = server.transcribe();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.body())
                .isEqualTo(
                        "{\"text\":\"Hello world. Good bye.\",\"logprobs\":null,"
                                + "\"usage\":{\"type\":\"duration\",\"seconds\":3}}");
    }

    @ParameterizedTest
    @CsvSource({
        "text, text/plain; charset=utf-8",
        "json, application/json",
        "verbose_json, application/json",
        "srt, text/plain; charset=utf-8",
        "vtt, text/vtt; charset=utf-8"
    })
    void contentTypesAreExact(String format, String contentType) throws Exception {
        HttpResponse<String> response = server.transcribe("response_format", format);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().allValues("Content-Type")).containsExactly(contentType);
    }

    @Test
    void textHasNoLineBreakAtItsEnd() throws Exception {
        assertThat(server.transcribe("response_format", "text").body())
                .isEqualTo("Hello world. Good bye.");
    }

    @Test
    void verboseJsonHasSpeachesKeysInOrderAndMilliseconds() throws Exception {
        String body = server.transcribe("response_format", "verbose_json").body();
        JsonNode json = Json.mapper().readTree(body);
        assertThat(json.propertyNames())
                .containsExactly(
                        "task", "duration", "language", "text", "segments", "usage", "words");
        assertThat(json.get("words").isNull()).isTrue();
        assertThat(json.get("segments").get(0).toString())
                .isEqualTo(
                        "{\"id\":1,\"avg_logprob\":-0.25,\"compression_ratio\":1.1,\"end\":1.2,"
                                + "\"no_speech_prob\":0.01,\"seek\":0,\"start\":0.1,"
                                + "\"temperature\":0.0,\"text\":\" Hello world.\",\"tokens\":[1,2]}");
    }

    @ParameterizedTest
    @CsvSource({
        "timestamp_granularities[]",
        "timestamp_granularities",
        "timestamp_granularities[0]"
    })
    void wordsComeWhenAskedForWithAndWithoutBrackets(String field) throws Exception {
        String body =
                server.transcribe(
                                "response_format", "verbose_json", field, "word", field, "segment")
                        .body();
        JsonNode json = Json.mapper().readTree(body);
        assertThat(json.get("words")).hasSize(4);
        assertThat(json.get("words").get(0).toString())
                .isEqualTo("{\"end\":0.6,\"start\":0.1,\"word\":\" Hello\"}");
        assertThat(json.get("segments")).hasSize(2);
    }

    @Test
    void srtRoundsMilliseconds() throws Exception {
        assertThat(server.transcribe("response_format", "srt").body())
                .isEqualTo(
                        """
                        1
                        00:00:00,100 --> 00:00:01,200
                         Hello world.

                        2
                        00:00:01,500 --> 00:00:02,500
                         Good bye.

                        """);
    }

    @Test
    void vttStartsAtZeroAsSpeachesDoes() throws Exception {
        assertThat(server.transcribe("response_format", "vtt").body())
                .startsWith("WEBVTT\n\n00:00:00.000 --> 00:00:01.200\n Hello world.\n\n");
    }

    @Test
    void silenceIsAnEmptyTranscript() throws Exception {
        server.engine.script.set((o, sink, c) -> new Transcript("en", 1, 40, Map.of()));
        assertThat(server.transcribe("response_format", "vtt").body()).isEqualTo("WEBVTT\n\n");
        assertThat(server.transcribe("response_format", "srt").body()).isEmpty();
        assertThat(server.transcribe("response_format", "text").body()).isEmpty();
        assertThat(server.transcribe().body()).startsWith("{\"text\":\"\"");
    }

    @Test
    void highlightedWordsMakeOneCueEach() throws Exception {
        assertThat(server.transcribe("response_format", "vtt", "highlight_words", "true").body())
                .startsWith(
                        "WEBVTT\n\n00:00:00.100 --> 00:00:00.600\n<u>Hello</u> world.\n\n"
                                + "00:00:00.600 --> 00:00:01.200\nHello <u>world.</u>\n\n");
    }

    @Test
    void linesAreBrokenAtTheirWidth() throws Exception {
        assertThat(
                        server.transcribe(
                                        "response_format",
                                        "srt",
                                        "max_line_width",
                                        "12",
                                        "max_line_count",
                                        "2")
                                .body())
                .isEqualTo(
                        """
                        1
                        00:00:00,100 --> 00:00:02,500
                        Hello world.
                        Good bye.

                        """);
    }

    @Test
    void logProbabilitiesComeWhenIncluded() throws Exception {
        JsonNode json = Json.mapper().readTree(server.transcribe("include[]", "logprobs").body());
        assertThat(json.get("logprobs").get(0).toString())
                .isEqualTo("{\"token\":\" Hello world.\",\"logprob\":-0.5,\"bytes\":[32,195]}");
    }

    @Test
    void textKeepsItsLettersUnescaped() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            sink.accept(
                    new dev.parlo.engine.Segment(
                            1, 0, 0, 1, " Grüße 世界", new int[0], 0, 1, 0, 0, null, null));
            return new Transcript("de", 1, 1, Map.of());
        });
        assertThat(server.transcribe().body()).contains("\"Grüße 世界\"");
    }

    @Test
    void audioThatBrokeOffIsToldInTheHeaderTheVerboseFormAndTheLastEvent() throws Exception {
        String why = "Only 2.50 s of it could be read: damaged.";
        server.truncation.set(Optional.of(why));
        HttpResponse<String> verbose = server.transcribe("response_format", "verbose_json");
        assertThat(verbose.headers().firstValue("X-Audio-Truncated")).hasValue(why);
        assertThat(Json.mapper().readTree(verbose.body()).get("audio_truncated").asString())
                .isEqualTo(why);
        assertThat(server.transcribe("response_format", "srt").headers().map())
                .containsKey("x-audio-truncated");
        assertThat(server.transcribe("stream", "true").body())
                .contains("\"usage\":null,\"audio_truncated\":\"" + why + "\"}");
        server.truncation.set(Optional.empty());
        assertThat(server.transcribe().headers().firstValue("X-Audio-Truncated")).isEmpty();
    }

    @Test
    void cuesNeitherOverlapNorPassTheAudioNorTakeNoTime() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            sink.accept(segment(1, 2, 7.98, " long"));
            sink.accept(segment(2, 3, 4.92, " late"));
            sink.accept(segment(3, 4.92, 4.92, " none"));
            sink.accept(segment(4, 5, 5, " end"));
            sink.accept(segment(5, 5, 9, " beyond"));
            return new Transcript("en", 1, 5, Map.of());
        });
        assertThat(server.transcribe("response_format", "srt").body())
                .isEqualTo(
                        """
                        1
                        00:00:02,000 --> 00:00:03,000
                         long

                        2
                        00:00:03,000 --> 00:00:04,880
                         late

                        3
                        00:00:04,880 --> 00:00:04,920
                         none

                        4
                        00:00:04,920 --> 00:00:04,960
                         end

                        5
                        00:00:04,960 --> 00:00:05,000
                         beyond

                        """);
    }

    @Test
    void textOfACueIsEscapedInVttAndHasNoEmptyLineInEither() throws Exception {
        server.engine.script.set((options, sink, cancellation) -> {
            sink.accept(segment(1, 0, 1, " Open <b AT&T --> x\n\n \r\n00:01\r\rsix."));
            sink.accept(segment(2, 1, 2, "\n \n"));
            sink.accept(
                    new Segment(
                            3,
                            0,
                            2,
                            3,
                            " a<b &c",
                            new int[0],
                            0,
                            1,
                            0,
                            0,
                            List.of(new Word(2, 2.5, " a<b", 1), new Word(2.5, 3, " &c", 1)),
                            null));
            return new Transcript("en", 1, 5, Map.of());
        });
        assertThat(server.transcribe("response_format", "vtt").body())
                .isEqualTo(
                        """
                        WEBVTT

                        00:00:00.000 --> 00:00:01.000
                         Open &lt;b AT&amp;T --&gt; x
                        00:01
                        six.

                        00:00:02.000 --> 00:00:03.000
                         a&lt;b &amp;c

                        """);
        assertThat(server.transcribe("response_format", "srt").body())
                .contains(" Open <b AT&T -> x\n00:01\nsix.\n\n2\n");
        assertThat(server.transcribe("response_format", "vtt", "highlight_words", "true").body())
                .contains("\n<u>a&lt;b</u> &amp;c\n\n");
    }

    private static Segment segment(int id, double start, double end, String text) {
        return new Segment(id, 0, start, end, text, new int[] {1}, 0, 1, 0, 0, null, null);
    }

    @Test
    void timesAreOfTheFileWhereverItHasNoAudio() throws Exception {
        // The track starts at 4 s, and 6 s are missing after 1.3 s of what is heard.
        server.times.set(
                new TimeMap(List.of(new TimeMap.Gap(0, 0, 4), new TimeMap.Gap(1.3, 0.5, 5.5))));
        JsonNode json =
                Json.mapper()
                        .readTree(
                                server.transcribe(
                                                "response_format",
                                                "verbose_json",
                                                "timestamp_granularities[]",
                                                "word")
                                        .body());
        assertThat(json.get("duration").asDouble()).isEqualTo(12);
        assertThat(json.at("/segments/0/start").asDouble()).isEqualTo(4.1);
        assertThat(json.at("/segments/0/end").asDouble()).isEqualTo(5.2);
        assertThat(json.at("/segments/1/start").asDouble()).isEqualTo(11);
        assertThat(json.at("/segments/1/end").asDouble()).isEqualTo(12);
        assertThat(json.at("/words/3/end").asDouble()).isEqualTo(12);
        assertThat(server.transcribe("response_format", "srt").body())
                .contains("00:00:04,100 --> 00:00:05,200")
                .contains("00:00:11,000 --> 00:00:12,000");
        server.transcribe("clip_timestamps", "4,5,8,11.5");
        assertThat(Objects.requireNonNull(server.engine.asked.get()).clipTimestamps())
                .containsExactly(0.0, 1.0, 1.8, 2.0);
        server.times.set(TimeMap.NONE);
    }
}
