package dev.parlo.engine.speaker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import java.util.Arrays;

/**
 * Windows of ten seconds over some audio, one every second; the last one is filled up with silence.
 * Nothing but the current window is held. Not thread-safe.
 */
final class SlidingWindows implements AutoCloseable {
    /** Samples of a window. */
    static final int WINDOW = 10 * AudioSource.SAMPLE_RATE;

    /** Samples from one window to the next. */
    static final int STEP = AudioSource.SAMPLE_RATE;

    private static final int BLOCK = 1 << 14;

    private final AudioSource.Reader reader;
    private final Cancellation cancellation;
    private final float[] samples = new float[WINDOW];
    private int count;
    private long read;
    private boolean ended;

    SlidingWindows(AudioSource audio, Cancellation cancellation) {
        this.reader = audio.open();
        this.cancellation = cancellation;
    }

    /** Moves on to the next window; false where there is none. */
    boolean next() {
        if (ended) {
            return false;
        }
        int kept = count == 0 ? 0 : WINDOW - STEP;
        System.arraycopy(samples, WINDOW - kept, samples, 0, kept);
        int filled = fill(reader, samples, kept, cancellation);
        read += filled - kept;
        ended = filled < WINDOW;
        if (filled == kept) {
            return false;
        }
        Arrays.fill(samples, filled, WINDOW, 0);
        count++;
        return true;
    }

    /**
     * Reads until an array is full or the audio is over.
     *
     * @return the place behind the last sample that was written
     */
    static int fill(AudioSource.Reader reader, float[] into, int from, Cancellation cancellation) {
        int filled = from;
        float[] block = new float[Math.min(BLOCK, into.length - from)];
        while (filled < into.length) {
            cancellation.check();
            if (block.length > into.length - filled) {
                block = new float[into.length - filled]; // a reader fills all that it is given
            }
            int n = reader.read(block);
            if (n < 0) {
                break;
            }
            System.arraycopy(block, 0, into, filled, n);
            filled += n;
        }
        return filled;
    }

    /** The current window, valid until the next one. */
    float[] samples() {
        return samples;
    }

    /** Windows so far. */
    int count() {
        return count;
    }

    /** Samples read so far; of the whole audio after the last window. */
    long read() {
        return read;
    }

    @Override
    public void close() {
        reader.close();
    }
}
