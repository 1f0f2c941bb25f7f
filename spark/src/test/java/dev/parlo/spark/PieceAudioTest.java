package dev.parlo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PieceAudioTest {
    /** Samples that tell their own place, in blocks of an odd size. */
    private record Counting(int length, TimeMap times) implements AudioSource {
        @Override
        public Reader open() {
            return new Reader() {
                private int next;

                @Override
                public int read(float[] samples) {
                    int count = Math.min(Math.min(samples.length, 777), length - next);
                    for (int i = 0; i < count; i++) {
                        samples[i] = next++;
                    }
                    return count == 0 ? -1 : count;
                }

                @Override
                public void close() {}
            };
        }
    }

    private static List<Float> read(AudioSource audio, int block) {
        List<Float> all = new ArrayList<>();
        try (AudioSource.Reader reader = audio.open()) {
            float[] samples = new float[block];
            for (int n = reader.read(samples); n >= 0; n = reader.read(samples)) {
                assertThat(n).isPositive();
                for (int i = 0; i < n; i++) {
                    all.add(samples[i]);
                }
            }
        }
        return all;
    }

    @Property(tries = 100)
    void aPartHasTheSamplesOfTheWholeThatItIsMadeOf(
            @ForAll @IntRange(min = 0, max = 40_000) int length,
            @ForAll @IntRange(min = 0, max = 40_000) int from,
            @ForAll @IntRange(min = 0, max = 40_000) int more,
            @ForAll @IntRange(min = 1, max = 5000) int block) {
        AudioSource whole = new Counting(length, TimeMap.NONE);

        List<Float> part = read(new PieceAudio(whole, from, from + more), block);

        assertThat(part).hasSize(Math.clamp((long) length - from, 0, more));
        for (int i = 0; i < part.size(); i++) {
            assertThat(part.get(i)).isEqualTo((float) (from + i));
        }
    }

    @Test
    void gapsBehindTheStartOfAPartAreAtItsOwnTimes() {
        TimeMap gaps =
                new TimeMap(List.of(new TimeMap.Gap(1, 0.5, 20), new TimeMap.Gap(9, 0.5, 7)));
        AudioSource whole = new Counting(16_000 * 12, gaps);

        TimeMap part = new PieceAudio(whole, 16_000 * 4, 16_000 * 12).times();

        // second 10 of the samples is second 6 of the part; the first gap only moves its start
        assertThat(part.start(6) + gaps.start(4)).isEqualTo(gaps.start(10));
        assertThat(part.gaps()).hasSize(1);
    }
}
