package dev.parlo.server.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.server.elevenlabs.SpeechToTextOptions.Granularity;
import dev.parlo.server.http.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SpeechToTextJsonTest {
    private static final Transcript TRANSCRIPT = new Transcript("jw", 0.5, 4, Map.of());

    private static Segment segment(@Nullable String speaker, Word... words) {
        StringBuilder text = new StringBuilder();
        for (Word word : words) {
            text.append(word.text());
        }
        Segment plain =
                new Segment(
                        1,
                        0,
                        words[0].start(),
                        words[words.length - 1].end(),
                        text.toString(),
                        new int[0],
                        -0.25,
                        1,
                        0,
                        0,
                        List.of(words),
                        null);
        return plain.withSpeaker(speaker, List.of(words));
    }

    private static JsonNode tree(Object answer) {
        return Json.mapper().readTree(Json.text(answer));
    }

    private static SpeechToTextJson json(boolean channels) {
        return new SpeechToTextJson(TRANSCRIPT, Granularity.WORD, channels, "id");
    }

    @Test
    void everyChannelHasATranscriptTheSilentOneToo() {
        List<Segment> segments =
                List.of(
                        segment("SPEAKER_00", new Word(0, 1, " Hello", 0.5)),
                        segment("SPEAKER_02", new Word(1, 2, " Yes", 0.5)),
                        segment("SPEAKER_00", new Word(2, 3, " there.", 0.5)));
        JsonNode several = tree(json(true).separate(segments, 3));
        assertThat(several.get("transcription_id").asString()).isEqualTo("id");
        assertThat(several.get("transcripts").size()).isEqualTo(3);
        assertThat(several.at("/transcripts/0/text").asString()).isEqualTo("Hello there.");
        assertThat(several.at("/transcripts/0/channel_index").asInt()).isZero();
        assertThat(several.at("/transcripts/1/text").asString()).isEmpty();
        assertThat(several.at("/transcripts/2/text").asString()).isEqualTo("Yes");
        JsonNode one = tree(json(true).combined(segments));
        assertThat(one.get("text").asString()).isEqualTo("Hello Yes there.");
        assertThat(one.at("/words/2/channel_index").asInt()).isEqualTo(2);
        assertThat(one.at("/words/2/speaker_id").asString()).isEqualTo("speaker_2");
    }

    @Test
    void speakersHaveTheirNumbersAndScriptsWithoutSpacesHaveNone() {
        Segment segment =
                segment(
                        null,
                        new Word(0, 1, "你", 0.5, "SPEAKER_01"),
                        new Word(1, 2, "好", 0.5, "Ann"));
        JsonNode one = tree(json(false).combined(List.of(segment)));
        assertThat(one.get("language_code").asString()).isEqualTo("jav");
        assertThat(one.get("text").asString()).isEqualTo("你好");
        assertThat(one.get("words").size()).isEqualTo(2);
        assertThat(one.at("/words/0/speaker_id").asString()).isEqualTo("speaker_1");
        assertThat(one.at("/words/1/speaker_id").asString()).isEqualTo("Ann");
        assertThat(one.at("/words/0").has("channel_index")).isFalse();
    }

    @Test
    void silenceIsAnEmptyTranscript() {
        JsonNode one = tree(json(false).combined(List.of()));
        assertThat(one.get("text").asString()).isEmpty();
        assertThat(one.get("words").size()).isZero();
    }
}
