package dev.parlo.engine.ggml;

import dev.parlo.engine.audio.AudioSource;

/**
 * Thirty seconds of a source, moved forward over it; nothing else of the audio is held. Not
 * thread-safe. Closing closes the reader.
 */
final class SampleWindow implements AutoCloseable {
    static final int SECONDS = 30;
    static final int CAPACITY = SECONDS * AudioSource.SAMPLE_RATE;

    private final AudioSource.Reader reader;
    private final float[] samples = new float[CAPACITY];
    private final float[] block = new float[AudioSource.SAMPLE_RATE];
    private int length;
    private long start;
    private boolean ended;

    SampleWindow(AudioSource source) {
        reader = source.open();
        try {
            fill();
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    /** Samples in the window: {@link #CAPACITY} except near the end of the source. */
    int length() {
        return length;
    }

    /** Samples before the window. */
    long start() {
        return start;
    }

    /** The window from its start; valid until the next {@link #advance}. */
    float[] samples() {
        return samples;
    }

    /** Moves on by {@code count} samples, at most the window's length. */
    void advance(int count) {
        System.arraycopy(samples, count, samples, 0, length - count);
        length -= count;
        start += count;
        fill();
    }

    private void fill() {
        while (!ended && length < CAPACITY) {
            float[] target =
                    CAPACITY - length >= block.length ? block : new float[CAPACITY - length];
            int read = reader.read(target);
            if (read < 0) {
                ended = true;
            } else {
                System.arraycopy(target, 0, samples, length, read);
                length += read;
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
