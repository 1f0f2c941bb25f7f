package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Tickets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows one after the other: their times, and what is heard again or passed over. */
final class SequentialTranscriberTest extends ScriptedWindows {
    @Test
    void noTimePassesTheEndOfTheAudioWhateverTheModelSays() {
        arena.say(said(ts(0), " one", ts(1), ts(1), " two", ts(9)));
        run(3.63, options());
        assertThat(texts()).containsExactly(" one", " two");
        assertThat(segments.getFirst().end()).isEqualTo(1.0);
        assertThat(segments.getLast().end()).isEqualTo(3.63);
    }

    @Test
    void noTimePassesTheEndOfTheWindowAndNothingAfterItIsPassedOver() {
        arena.say(said(ts(0), " one", ts(7.98), ts(7.98), " two", ts(20), ts(20)));
        arena.say(said(ts(0), " three", ts(0.5)));
        arena.say(said(ts(0), " four", ts(0.5)));
        run(3, options().chunkLengthSeconds(1));
        assertThat(texts()).contains(" one", " three", " four");
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            assertThat(segment.end()).isLessThanOrEqualTo(segment.seek() / 100.0 + 1 + 1e-9);
            assertThat(segment.start()).isLessThanOrEqualTo(segment.end());
        }
    }

    @Test
    void anUnfinishedSentenceIsHeardAgainInTheNextWindow() {
        arena.say(said(ts(0), " one", ts(4), ts(4), " two", ts(20), ts(20), " thr"));
        arena.say(said(ts(0), " three", ts(8)));
        Transcript transcript = run(36, options());
        assertThat(texts()).containsExactly(" one", " two", " three");
        assertThat(segments.get(1).start()).isEqualTo(4, offset(1e-9));
        assertThat(segments.get(2).start()).isEqualTo(20, offset(1e-9));
        assertThat(segments.get(2).end()).isEqualTo(28, offset(1e-9));
        assertThat(segments.stream().map(Segment::seek)).containsExactly(0, 0, 2000);
        assertThat(segments.stream().map(Segment::id)).containsExactly(1, 2, 3);
        assertThat(arena.filled()).containsExactly(3000, 1600);
        assertThat(progress).containsExactly(20.0, 36.0);
        assertThat(transcript.durationSeconds()).isEqualTo(36);
        assertThat(transcript.language()).isEqualTo("en");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, 3000",
        "1, 3, 400",
        "1, 3.5, 500",
        "1, 27.9, 2900",
        "1, 28.5, 3000",
        "1, 30, 3000",
        "250, 3, 500",
        "251, 3, 600",
        "250, 20, 2100",
        "1500, 3, 3000",
        "1449, 3, 2900"
    })
    void aShortWindowHasTheAudioASecondMoreAndWhatWasAskedFor(
            int context, double seconds, int frames) {
        arena.say(said(ts(0), " one", ts(1)));
        run(seconds, options().audioContext(context));
        assertThat(arena.lengths()).containsExactly(frames);
        assertThat(arena.filled()).containsExactly((int) (seconds * 100));
    }

    @Test
    void aNetworkThatEncodesWholeWindowsOnlyRefusesShortOnes() {
        OptionsCheck.check(options().build(), tokens, false);
        OptionsCheck.check(options().audioContext(0).build(), tokens, false);
        TranscribeOptions some = options().audioContext(1).build();
        assertThatThrownBy(() -> OptionsCheck.check(some, tokens, false))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("audio_ctx is 1")
                .hasMessageContaining("accepted is 0, since a GPU encodes whole windows");
    }

    @Test
    void silenceIsSkippedUnlessTheTextIsSure() {
        arena.silence(said(ts(0), " thanks", ts(3))).say(said(ts(0), " word", ts(3)));
        run(33, options().temperatures(List.of(0.0)));
        assertThat(texts()).containsExactly(" word");
        assertThat(segments.getFirst().seek()).isEqualTo(3000);
    }

    /** Every word of the script is improbable: what stands in silence counts as made up. */
    @Test
    void wordsMadeUpInSilenceAreHeardAgainOrDropped() {
        int[] late = said(ts(5), " one", ts(6));
        int[] next = said(ts(0), " two", ts(2));
        TranscribeOptionsBuilder words = options().wordTimestamps(true).maxInitialTimestamp(30);
        arena.textEndsAt(290).say(late);
        run(8, words);
        assertThat(texts()).containsExactly(" one");
        assertThat(arena.filled()).containsExactly(800);

        segments.clear();
        arena = new ScriptedArena(tokens).textEndsAt(290, 100).say(late).say(next);
        run(8, words.hallucinationSilenceThreshold(2.0));
        assertThat(texts()).containsExactly(" two");
        assertThat(arena.filled()).as("again after the silence").containsExactly(800, 360);

        segments.clear();
        arena = new ScriptedArena(tokens).textEndsAt(290, 100).say(late).say(next);
        arena.silence(said(ts(0), " x", ts(1)));
        run(8, words.hallucinationSilenceThreshold(1.0));
        assertThat(texts()).isEmpty();
        assertThat(arena.filled()).as("again a second later").containsExactly(800, 360, 260);
    }

    @Test
    void emptyAudioHasNoSegments() {
        Transcript transcript = run(0, options());
        assertThat(segments).isEmpty();
        assertThat(transcript.durationSeconds()).isZero();
    }

    @Test
    void cancellingStopsBetweenSegments() {
        arena.say(said(ts(0), " one", ts(30))).say(said(ts(0), " two", ts(30)));
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() ->
                        new SequentialTranscriber(tokens, arena.runtime(), EngineObserver.NONE)
                                .transcribe(
                                        audio(90),
                                        options().build(),
                                        Tickets.alone(),
                                        segment -> cancellation.cancel(),
                                        cancellation))
                .isInstanceOf(EngineException.class);
        assertThat(arena.filled()).hasSize(1);
    }

    @Test
    void compressionRatiosAreZlibs() {
        String jfk =
                "And so my fellow Americans, ask not what your country can do for you, ask what you"
                        + " can do for your country.";
        assertThat(CompressionRatio.of(jfk)).isEqualTo(1.35443, offset(1e-5));
        assertThat(CompressionRatio.of("you ".repeat(50))).isEqualTo(199 / 15.0, offset(0.2));
        assertThat(CompressionRatio.of("")).isZero();
    }
}
