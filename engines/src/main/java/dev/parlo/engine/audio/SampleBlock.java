package dev.parlo.engine.audio;

import java.util.Arrays;
import org.bytedeco.javacpp.ShortPointer;

/**
 * The samples of a file that are ready, and what became of the time without any: gaps are written
 * as a short pause of silence and kept in a {@link TimeMap}. Not thread-safe.
 */
final class SampleBlock {
    /** Samples of a gap that stay, so that words before and after it stay apart. */
    private static final int PAUSE = AudioSource.SAMPLE_RATE / 2;

    private static final double RATE = AudioSource.SAMPLE_RATE;

    private final AudioLimits limits;
    private short[] samples;
    private int length;
    private long total;
    private long silence;
    private long toDrop;
    private long leftOut;
    private long pause;
    private TimeMap times = TimeMap.NONE;

    SampleBlock(int capacity, AudioLimits limits) {
        this.samples = new short[capacity];
        this.limits = limits;
    }

    short[] samples() {
        return samples;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    /** Samples written since the beginning. */
    long total() {
        return total;
    }

    /** Samples written since the beginning, silence that is still to be written included. */
    long position() {
        return total - toDrop + silence;
    }

    /** Samples of the file that were and will not be written. */
    long leftOut() {
        return leftOut;
    }

    TimeMap times() {
        return times;
    }

    void append(SampleConverter converter, int n) {
        int dropped = (int) Math.min(toDrop, n);
        toDrop -= dropped;
        int kept = n - dropped;
        if (kept > 0) {
            reserve(kept);
            new ShortPointer(converter.output()).position(dropped).get(samples, length, kept);
            length += kept;
        }
    }

    /** Leaves out the next {@code n} samples that are appended. */
    void drop(long n) {
        toDrop += n;
    }

    /** Nothing is heard for so many samples. */
    void gap(long n) {
        // Before the first sample a pause would only keep the model from beginning with it.
        silence = total == 0 ? 0 : Math.min(n, PAUSE);
        leaveOut(total, silence, n - silence);
    }

    /** Whether a gap's pause is still to be written, by {@link #writeSilence}. */
    boolean hasSilence() {
        return silence > 0;
    }

    void writeSilence() {
        int n = (int) silence;
        reserve(n);
        Arrays.fill(samples, length, length + n, (short) 0);
        length += n;
        silence = 0;
    }

    /**
     * Nothing is said in the next {@code n} samples.
     *
     * @return true where there was enough of that: they are left out and must not be appended
     */
    boolean pause(long n) {
        pause += n;
        if (pause <= PAUSE) {
            return false;
        }
        leaveOut(Math.max(0, total - PAUSE), Math.min(PAUSE, total), n);
        return true;
    }

    /** Something is said again. */
    void speech() {
        pause = 0;
    }

    private void leaveOut(long at, long kept, long n) {
        if (n > 0) {
            times = times.with(new TimeMap.Gap(at / RATE, kept / RATE, n / RATE));
            leftOut += n;
        }
    }

    private void reserve(int n) {
        total += n;
        if (total > limits.maxSamples(AudioSource.SAMPLE_RATE)) {
            throw AudioFailure.tooLong(limits.maxSeconds());
        }
        if (length + n > samples.length) {
            samples = Arrays.copyOf(samples, Math.max(samples.length * 2, length + n));
        }
    }
}
