package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.speaker.SpeakerSpans.Span;
import dev.parlo.server.http.Json;
import dev.parlo.server.speaker.Speakers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who says what, in every format. */
class SpokenTranscriptTest {
    @TempDir private static Path folder;
    private static TranscriptionServer server;

    @BeforeAll
    static void start() {
        server = new TranscriptionServer(folder, Duration.ofMinutes(10));
        server.engine.script.set((options, sink, cancellation) -> {
            // One segment in which two people speak, and one of the second.
            sink.accept(
                    segment(
                            1,
                            0,
                            3,
                            " How are you? Fine.",
                            word(0, 0.5, " How"),
                            word(0.5, 1, " are"),
                            word(1, 1.5, " you?"),
                            word(2, 3, " Fine.")));
            sink.accept(segment(2, 3, 4, " Thanks.", word(3, 4, " Thanks.")));
            return new Transcript("en", 1, 5, Map.of());
        });
    }

    @BeforeEach
    void tellTwo() {
        tell(new Span(0, 1.6, "SPEAKER_00"), new Span(1.8, 4, "SPEAKER_01"));
    }

    private static void tell(Span... turns) {
        server.speakers.set(new Speakers("m", List.of(turns), List.of(turns), 5));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Word word(double start, double end, String text) {
        return new Word(start, end, text, 0.9);
    }

    private static Segment segment(int id, double start, double end, String text, Word... words) {
        return new Segment(
                id, 0, start, end, text, new int[] {1}, -0.2, 1, 0, 0, List.of(words), null);
    }

    private static String body(String... fields) throws Exception {
        HttpResponse<String> response = server.transcribe(fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    @Test
    void diarizedJsonIsOpenAis() throws Exception {
        assertThat(body("response_format", "diarized_json"))
                .isEqualTo(
                        "{\"task\":\"transcribe\",\"duration\":5.0,"
                                + "\"text\":\"A: How are you?\\nB: Fine. Thanks.\",\"segments\":["
                                + "{\"type\":\"transcript.text.segment\",\"id\":\"seg_001\",\"start\":0.0,"
                                + "\"end\":1.5,\"text\":\"How are you?\",\"speaker\":\"A\"},"
                                + "{\"type\":\"transcript.text.segment\",\"id\":\"seg_002\",\"start\":2.0,"
                                + "\"end\":3.0,\"text\":\"Fine.\",\"speaker\":\"B\"},"
                                + "{\"type\":\"transcript.text.segment\",\"id\":\"seg_003\",\"start\":3.0,"
                                + "\"end\":4.0,\"text\":\"Thanks.\",\"speaker\":\"B\"}],"
                                + "\"usage\":{\"type\":\"duration\",\"seconds\":5}}");
    }

    @Test
    void namesThatAreKnownStay() throws Exception {
        tell(new Span(0, 1.6, "SPEAKER_00"), new Span(1.8, 4, "Ann\nLee"));
        JsonNode answer = Json.mapper().readTree(body("response_format", "diarized_json"));
        assertThat(answer.get("text").asString())
                .isEqualTo("A: How are you?\nAnn Lee: Fine. Thanks.");
    }

    @Test
    void whereNobodyIsHeardNobodyIsNamed() throws Exception {
        tell();
        JsonNode answer = Json.mapper().readTree(body("response_format", "diarized_json"));
        assertThat(answer.at("/segments/0/speaker").asString()).isEqualTo("unknown");
        assertThat(body("response_format", "text", "diarize", "true"))
                .isEqualTo("How are you? Fine. Thanks.");
    }

    @Test
    void everyFormatSaysWhoSpeaks() throws Exception {
        String lines = "SPEAKER_00: How are you?\nSPEAKER_01: Fine. Thanks.";
        assertThat(body("diarize", "true", "response_format", "text")).isEqualTo(lines);
        JsonNode json = Json.mapper().readTree(body("diarize", "true"));
        assertThat(json.get("text").asString()).isEqualTo(lines);
        assertThat(json.has("segments")).isFalse();
        assertThat(body("diarize", "true", "response_format", "srt"))
                .isEqualTo(
                        "1\n00:00:00,000 --> 00:00:01,500\n[SPEAKER_00]: How are you?\n\n"
                                + "2\n00:00:02,000 --> 00:00:03,000\n[SPEAKER_01]: Fine.\n\n"
                                + "3\n00:00:03,000 --> 00:00:04,000\n[SPEAKER_01]: Thanks.\n\n");
        tell(new Span(0, 1.6, "SPEAKER_00"), new Span(1.8, 4, "A <b> & C"));
        assertThat(body("diarize", "true", "response_format", "vtt"))
                .contains("\n<v SPEAKER_00>How are you?\n", "\n<v A &lt;b&gt; &amp; C>Fine.\n");
        assertThat(
                        body(
                                "diarize",
                                "true",
                                "response_format",
                                "srt",
                                "max_line_width",
                                "7",
                                "max_line_count",
                                "1"))
                .contains("[SPEAKER_00]: How are\n", "[SPEAKER_00]: you?\n", "]: Fine.\n");
    }

    @Test
    void verboseJsonKeepsItsSegments() throws Exception {
        JsonNode answer =
                Json.mapper()
                        .readTree(
                                body(
                                        "diarize",
                                        "true",
                                        "response_format",
                                        "verbose_json",
                                        "timestamp_granularities[]",
                                        "word"));
        assertThat(answer.get("text").asString()).isEqualTo("How are you? Fine. Thanks.");
        assertThat(answer.at("/segments/0/speaker").asString()).isEqualTo("SPEAKER_00");
        assertThat(answer.at("/segments/0/text").asString()).isEqualTo(" How are you? Fine.");
        assertThat(answer.at("/words/3/speaker").asString()).isEqualTo("SPEAKER_01");
    }

    @Test
    void advancedAddsSegmentsAndWordsToJson() throws Exception {
        JsonNode plain = Json.mapper().readTree(body("advanced", "true"));
        assertThat(plain.propertyNames())
                .containsExactly("text", "logprobs", "usage", "segments", "words");
        assertThat(plain.at("/segments/1/text").asString()).isEqualTo(" Thanks.");
        assertThat(plain.at("/segments/1").has("speaker")).isFalse();
        assertThat(plain.at("/words/3/word").asString()).isEqualTo(" Fine.");
        assertThat(server.engine.asked.get())
                .matches(asked -> asked != null && asked.wordTimestamps());
        JsonNode told = Json.mapper().readTree(body("advanced", "true", "diarize", "true"));
        assertThat(told.at("/words/3/speaker").asString()).isEqualTo("SPEAKER_01");
    }

    @Test
    void aStreamHasASegmentEventForEachTurn() throws Exception {
        assertThat(body("stream", "true", "response_format", "diarized_json"))
                .isEqualTo(
                        """
                        data: {"delta":" How are you?","type":"transcript.text.delta","logprobs":null,"segment_id":"seg_001"}

                        data: {"type":"transcript.text.segment","id":"seg_001","start":0.0,"end":1.5,"text":"How are you?","speaker":"A"}

                        data: {"delta":" Fine.","type":"transcript.text.delta","logprobs":null,"segment_id":"seg_002"}

                        data: {"type":"transcript.text.segment","id":"seg_002","start":2.0,"end":3.0,"text":"Fine.","speaker":"B"}

                        data: {"delta":" Thanks.","type":"transcript.text.delta","logprobs":null,"segment_id":"seg_003"}

                        data: {"type":"transcript.text.segment","id":"seg_003","start":3.0,"end":4.0,"text":"Thanks.","speaker":"B"}

                        data: {"text":"A: How are you?\\nB: Fine. Thanks.","type":"transcript.text.done","logprobs":null,"usage":null}

                        """);
        assertThat(body("stream", "true", "diarize", "true"))
                .contains("\"speaker\":\"SPEAKER_01\"");
        assertThat(body("stream", "true")).doesNotContain("transcript.text.segment");
    }

    /** Asking for speakers by fields that nothing reads would leave them out in silence. */
    @Test
    void fieldsThatWouldDoNothingAreRefused() throws Exception {
        refused("num_speakers", "num_speakers", "2");
        refused("min_speakers", "min_speakers", "2", "diarize", "false");
        refused("known_speaker_names", "known_speaker_names[]", "Ann");
        refused("diarization_model", "diarization_model", "m");
        refused("diarize", "response_format", "diarized_json", "diarize", "false");
        refused("channels", "channels", "split", "diarize", "true");
        refused("max_speakers", "channels", "split", "max_speakers", "2");
        refused("channels", "channels", "left");
    }

    private static void refused(String field, String... fields) throws Exception {
        HttpResponse<String> response = server.transcribe(fields);
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(Json.mapper().readTree(response.body()).at("/detail/0/loc/1").asString())
                .isEqualTo(field);
    }

    @Test
    void numbersThatContradictEachOtherAreRefused() throws Exception {
        HttpResponse<String> response =
                server.transcribe("diarize", "true", "min_speakers", "3", "max_speakers", "1");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("min_speakers is 3 and max_speakers 1");
    }

    @Test
    void aFileOfOneChannelIsNotSplit() throws Exception {
        HttpResponse<String> response = server.transcribe("channels", "split");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("needs a file of two or more channels");
    }
}
