package dev.parlo.server.listening;

import dev.parlo.server.http.MemoryBudget;
import java.util.Arrays;

/**
 * Samples of a stream from some place on, 16 bits each; what is not needed any more is let go. Not
 * thread-safe.
 */
final class SampleStore {
    private static final int ROOM = 1 << 14;
    private static final float SCALE = 32_768f;

    private final MemoryBudget.Share memory;
    private short[] samples = new short[0];
    private long base;
    private int length;

    /**
     * @param memory that the samples count with
     */
    SampleStore(MemoryBudget.Share memory) {
        this.memory = memory;
    }

    /** The first sample that is held. */
    long base() {
        return base;
    }

    /** The place of the next sample. */
    long end() {
        return base + length;
    }

    /**
     * @param from the first of {@code more} that is taken
     * @throws dev.parlo.server.http.ApiError where all clients together hold too much
     */
    void append(float[] more, int from, int count) {
        if (length + count > samples.length) {
            resize(Math.max(ROOM, Math.max(length + count, length + length / 2)));
        }
        for (int i = 0; i < count; i++) {
            samples[length + i] = quantised(more[from + i]);
        }
        length += count;
    }

    static short quantised(float sample) {
        return (short) Math.clamp(Math.round(sample * SCALE), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    void dropBefore(long sample) {
        int dropped = (int) Math.clamp(sample - base, 0L, (long) length);
        if (dropped == 0) {
            return;
        }
        System.arraycopy(samples, dropped, samples, 0, length - dropped);
        base += dropped;
        length -= dropped;
        if (samples.length > 4 * Math.max(ROOM, length)) {
            resize(Math.max(ROOM, length));
        }
    }

    private void resize(int size) {
        long more = (long) (size - samples.length) * Short.BYTES;
        if (more > 0) {
            memory.take(more);
        } else {
            memory.giveBack(-more);
        }
        samples = Arrays.copyOf(samples, size);
    }

    short[] copy(long from, long to) {
        int start = (int) Math.clamp(from - base, 0L, (long) length);
        int end = (int) Math.clamp(to - base, start, (long) length);
        return Arrays.copyOfRange(samples, start, end);
    }

    static float[] floats(short[] samples) {
        float[] floats = new float[samples.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = samples[i] / SCALE;
        }
        return floats;
    }
}
