package dev.parlo.engine.vad;

import dev.parlo.engine.audio.AudioSource;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Samples in memory that are read in blocks of some size. */
public record BlockSource(float[] samples, int size) implements AudioSource {
    @Override
    public Reader open() {
        int[] position = {0};
        return new Reader() {
            @Override
            public int read(float[] into) {
                int count =
                        IntStream.of(into.length, size, samples.length - position[0])
                                .min()
                                .orElseThrow();
                System.arraycopy(samples, position[0], into, 0, count);
                position[0] += count;
                return count == 0 ? -1 : count;
            }

            @Override
            public void close() {}
        };
    }

    /** Reads all of a source. */
    public static float[] read(AudioSource source) {
        float[] all = new float[0];
        float[] block = new float[5000];
        try (Reader reader = source.open()) {
            for (int n = reader.read(block); n >= 0; n = reader.read(block)) {
                float[] longer = Arrays.copyOf(all, all.length + n);
                System.arraycopy(block, 0, longer, all.length, n);
                all = longer;
            }
        }
        return all;
    }
}
