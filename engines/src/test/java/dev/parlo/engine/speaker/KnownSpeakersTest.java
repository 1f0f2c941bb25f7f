package dev.parlo.engine.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Names of speakers, and speakers of words. */
final class KnownSpeakersTest {
    static List<@Nullable String> names(Diarization diarization, float[]... known) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < known.length; i++) {
            names.add("N" + i);
        }
        return new KnownSpeakers(names, List.of(known)).of(diarization);
    }

    private static Diarization of(float[]... voices) {
        return new Diarization(List.of(), List.of(), List.of(voices), 1);
    }

    @Test
    void aNameIsGivenToTheOneWhoIsMostLikeIt() {
        Diarization two = of(new float[] {1, 0.1f}, new float[] {0.1f, 1});
        assertThat(names(two, new float[] {0, 3}, new float[] {2, 0})).containsExactly("N1", "N0");
    }

    /** The best is not good enough, and one name is not given twice. */
    @Test
    void whoIsLikeNobodyStaysUnknown() {
        Diarization two = of(new float[] {1, 0, 0}, new float[] {0.9f, 0.1f, 0});
        assertThat(names(two, new float[] {1, 0, 0})).containsExactly("N0", null);
        assertThat(names(two, new float[] {0, 0, 1})).containsExactly(null, null);
        assertThat(names(two)).containsExactly(null, null);
        assertThat(names(of(), new float[] {1})).isEmpty();
    }

    @Test
    void numbersOfSpeakersThatContradictEachOtherAreRefused() {
        assertThat(DiarizationOptions.of(null, null, null)).isEqualTo(DiarizationOptions.ANY);
        assertThat(DiarizationOptions.of(3, 2, null)).isEqualTo(new DiarizationOptions(3, 3));
        assertThatThrownBy(() -> DiarizationOptions.of(null, 4, 3))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("min_speakers is 4 and max_speakers 3");
        assertThatThrownBy(() -> DiarizationOptions.of(5, null, 4))
                .isInstanceOf(EngineException.class);
    }

    private static final SpeakerSpans SPANS =
            new SpeakerSpans(
                    List.of(
                            new SpeakerSpans.Span(0, 60, "A"),
                            new SpeakerSpans.Span(61, 62, "B"),
                            new SpeakerSpans.Span(70, 71, "A")));

    @Test
    void whoSpeaksLongestSaysIt() {
        assertThat(SPANS.speaker(59, 61.5)).isEqualTo("A");
        assertThat(SPANS.speaker(59.8, 61.5)).isEqualTo("B");
        // in the sum of all turns
        assertThat(SPANS.speaker(59.5, 70.6)).isEqualTo("A");
        // of equals who begins first
        assertThat(SPANS.speaker(59.5, 61.5)).isEqualTo("A");
    }

    @Test
    void whereNobodySpeaksTheNearestDid() {
        assertThat(SPANS.speaker(60.1, 60.2)).isEqualTo("A");
        assertThat(SPANS.speaker(60.8, 60.9)).isEqualTo("B");
        assertThat(SPANS.speaker(61.5, 61.5)).isEqualTo("B");
        assertThat(SPANS.speaker(500, 501)).isEqualTo("A");
        assertThat(new SpeakerSpans(List.of()).speaker(1, 2)).isNull();
    }

    @Test
    void wordsHaveTheirOwnSpeakersAndASlipIsPutRight() {
        SpeakerSpans spans =
                new SpeakerSpans(
                        List.of(
                                new SpeakerSpans.Span(0, 2, "A"),
                                new SpeakerSpans.Span(2, 2.3, "B"),
                                new SpeakerSpans.Span(2.3, 5, "A"),
                                new SpeakerSpans.Span(5, 9, "B")));
        Segment segment =
                segment(
                        new Word(0, 2, " one", 1),
                        new Word(2, 2.3, " two", 1),
                        new Word(2.3, 4, " three", 1),
                        // stretched over the silence behind it
                        new Word(4, 9, " four", 1),
                        new Word(9, 9, " five", 1));
        Segment labelled = spans.label(segment);
        assertThat(labelled.speaker()).isEqualTo("A");
        assertThat(labelled.words())
                .extracting(Word::speaker)
                .containsExactly("A", "A", "A", "A", "B");
        assertThat(spans.label(segment.withSpeaker(null, null)).words()).isNull();
    }

    private static Segment segment(Word... words) {
        return new Segment(1, 0, 0, 9, " text", new int[0], 0, 1, 0, 0, List.of(words), null);
    }
}
