package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.vad.SpeechSpan;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PieceCutterTest {
    @Test
    void aShortRecordingIsOnePiece() {
        assertThat(new PieceCutter(100).ends(List.of(new SpeechSpan(0, 100)), 100))
                .containsExactly(100L);
    }

    @Test
    void aLongOneIsCutInTheMiddleOfTheLongestPauseOfTheSecondHalf() {
        List<SpeechSpan> speech =
                List.of(
                        new SpeechSpan(0, 20),
                        new SpeechSpan(45, 60), // a longer pause, too early
                        new SpeechSpan(70, 90),
                        new SpeechSpan(92, 150));

        assertThat(new PieceCutter(100).ends(speech, 150)).containsExactly(65L, 150L);
    }

    @Test
    void speechWithoutAPauseIsCutWhereAPieceIsFull() {
        assertThat(new PieceCutter(100).ends(List.of(new SpeechSpan(0, 250)), 250))
                .containsExactly(100L, 200L, 250L);
    }

    @Property(tries = 300)
    void piecesCoverAllOfItInOrderAndNoneIsTooLong(
            @ForAll @Size(max = 40) List<@IntRange(min = 1, max = 90) Integer> turns,
            @ForAll @IntRange(min = 2, max = 200) int longest,
            @ForAll @IntRange(min = 1, max = 100) int rest) {
        List<SpeechSpan> speech = new ArrayList<>();
        long at = 0;
        for (int i = 0; i + 1 < turns.size(); i += 2) {
            long start = at + turns.get(i);
            at = start + turns.get(i + 1);
            speech.add(new SpeechSpan(start, at));
        }
        long length = at + rest;

        List<Long> ends = new PieceCutter(longest).ends(speech, length);

        assertThat(ends.getLast()).isEqualTo(length);
        long from = 0;
        for (long to : ends) {
            assertThat(to - from).isBetween(1L, (long) longest);
            from = to;
        }
    }
}
