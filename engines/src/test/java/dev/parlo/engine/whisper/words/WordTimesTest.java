package dev.parlo.engine.whisper.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.whisper.network.Alignment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WordTimesTest {
    @Test
    void pathsOfTheReference() {
        float[] values = {
            .9f, .1f, 0, 0, 0, //
            .1f, .8f, .7f, .1f, 0, //
            0, .1f, .2f, .9f, .8f
        };
        // (0,0)(1,0)(1,1)(1,2)(2,2)(2,3)(2,4)
        assertThat(DynamicTimeWarping.firstColumns(values, 3, 5)).containsExactly(0, 0, 2);
        // (0,0)(1,0)(1,1)(1,2)(1,3): ties go left
        assertThat(DynamicTimeWarping.firstColumns(new float[8], 2, 4)).containsExactly(0, 0);
        assertThat(DynamicTimeWarping.firstColumns(new float[0], 3, 0)).isEmpty();
    }

    @Property(tries = 100)
    void warpingFollowsThePlainOne(
            @ForAll @IntRange(min = 1, max = 12) int rows,
            @ForAll @IntRange(min = 1, max = 20) int columns,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(4); // few values, so that ties are common
        }
        List<int[]> path = PlainAlignment.path(values, rows, columns);
        int[] expected = new int[rows];
        Arrays.fill(expected, -1);
        for (int[] point : path) {
            if (expected[point[0]] < 0) {
                expected[point[0]] = point[1];
            }
        }
        assertThat(DynamicTimeWarping.firstColumns(values, rows, columns)).isEqualTo(expected);
    }

    @Test
    void medianOfSeven() {
        float[] values = {99, 5, 1, 4, 2, 8, 3, 9, 7, 6, 0};
        MedianFilter.apply(values, 1, 10);
        assertThat(values).containsExactly(99, 2, 4, 3, 4, 4, 6, 6, 6, 6, 7);
        float[] tooShort = {3, 1, 2};
        MedianFilter.apply(tooShort, 0, 3);
        assertThat(tooShort).containsExactly(3, 1, 2);
    }

    @Property(tries = 20)
    void startsFollowThePlainAlignment(@ForAll long seed) {
        Random random = new Random(seed);
        int heads = 1 + random.nextInt(3);
        int tokens = 4 + random.nextInt(6);
        int columns = 1 + random.nextInt(60);
        float[] scores = new float[heads * tokens * 1500];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) random.nextGaussian() * 3;
        }
        Alignment alignment = new Alignment(heads, scores, new float[0]);
        int[] starts = AttentionAlignment.starts(alignment, tokens, 1, tokens - 2, columns);
        float[] mean = PlainAlignment.mean(scores, heads, tokens, columns);
        float[] part = Arrays.copyOfRange(mean, columns, (tokens - 1) * columns);
        double plain = PlainAlignment.cost(part, tokens - 2, columns);
        // Rounding may turn a near tie, so the costs of both paths are what must agree.
        assertThat(PlainAlignment.costOf(starts, part, tokens - 2, columns))
                .isLessThanOrEqualTo(plain + 1e-3);
    }

    @Test
    void punctuationJoinsItsWords() {
        List<TimedWord> words =
                words(" He", 0, 1, " said", 1, 2, ",", 2, 2, " \"", 2, 2, "Go", 2, 3, "!\"", 3, 3);
        PunctuationMerge.apply(words, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、");
        assertThat(words.stream().map(w -> w.text))
                .containsExactly(" He", " said,", "", "", " \"Go", "!\"");
        assertThat(words.get(1).tokens).isEqualTo(2);
        assertThat(words.get(1).end).isEqualTo(2);
    }

    @Test
    void segmentsThatLookMadeUpInSilenceAreDropped() {
        HallucinationFilter filter = new HallucinationFilter(1);
        HallucinationFilter.WindowTimes window =
                new HallucinationFilter.WindowTimes(0, 30, 30, 60, 0);
        TimedSpan good = span(5, 8, .9, 5, 8);
        TimedSpan strange = span(20, 20.05, .05, 20, 20.05);
        assertThat(filter.judge(List.of(good, strange), window))
                .isEqualTo(new HallucinationFilter.Verdict.Drop(1, 20));
        assertThat(filter.judge(List.of(good), window))
                .isEqualTo(new HallucinationFilter.Verdict.Keep());
        assertThat(filter.judge(List.of(strange), window))
                .isEqualTo(new HallucinationFilter.Verdict.SkipSilence(20));
        HallucinationFilter.WindowTimes last =
                new HallucinationFilter.WindowTimes(0, 22, 30, 20.9, 0);
        assertThat(filter.judge(List.of(good, strange), last))
                .isEqualTo(new HallucinationFilter.Verdict.Drop(1, Double.POSITIVE_INFINITY));
    }

    private static TimedSpan span(
            double start, double end, double probability, double wordStart, double wordEnd) {
        TimedSpan span = new TimedSpan(0, 1, start, end);
        // Three words: enough to pass where they sound natural.
        double step = (wordEnd - wordStart) / 3;
        for (int i = 0; i < 3; i++) {
            span.words.add(
                    new TimedWord(
                            " w",
                            1,
                            wordStart + i * step,
                            wordStart + (i + 1) * step,
                            probability));
        }
        return span;
    }

    private static List<TimedWord> words(Object... parts) {
        List<TimedWord> words = new ArrayList<>();
        for (int i = 0; i < parts.length; i += 3) {
            words.add(
                    new TimedWord(
                            (String) parts[i],
                            1,
                            ((Number) parts[i + 1]).doubleValue(),
                            ((Number) parts[i + 2]).doubleValue(),
                            1));
        }
        return words;
    }
}
