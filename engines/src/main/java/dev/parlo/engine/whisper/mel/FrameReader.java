package dev.parlo.engine.whisper.mel;

import dev.parlo.engine.audio.AudioSource;
import java.util.Arrays;

/**
 * Cuts audio into overlapping frames of 400 samples, one every 160, centred as a short-time Fourier
 * transform with reflected borders centres them: the first begins 200 samples before the audio.
 *
 * <p>As faster-whisper does, 160 zeros follow the audio and the very last frame is dropped, which
 * leaves {@code floor(N / 160) + 1} frames. Not thread-safe.
 */
final class FrameReader implements AutoCloseable {
    static final int HOP = 160;
    private static final int REACH = PowerSpectrum.SIZE / 2;
    private static final int BLOCK = 16_000;

    private final AudioSource.Reader reader;
    private final float[] block = new float[BLOCK];

    /** Samples from {@code base} (an index into the audio, from -200) on. */
    private final float[] buffer = new float[BLOCK + 4 * PowerSpectrum.SIZE];

    private long base = -REACH;
    private int filled;
    private long samples;
    private boolean ended;
    private int frame;

    FrameReader(AudioSource source) {
        reader = source.open();
        readHead();
    }

    /** Index of the frame that {@link #next} yields. */
    int position() {
        return frame;
    }

    /** Samples seen so far; all of them once {@link #next} has answered false. */
    long samples() {
        return samples;
    }

    /**
     * Moves on by one frame.
     *
     * @param target takes the frame's 400 samples
     * @return false after the last frame
     */
    boolean next(float[] target) {
        if (!prepare()) {
            return false;
        }
        int offset = (int) ((long) frame * HOP - REACH - base);
        System.arraycopy(buffer, offset, target, 0, target.length);
        frame++;
        return true;
    }

    /** As {@link #next} without handing the samples back. */
    boolean skip() {
        if (!prepare()) {
            return false;
        }
        frame++;
        return true;
    }

    @Override
    public void close() {
        reader.close();
    }

    /** Makes the samples of the current frame available, zeros after the end of the audio. */
    private boolean prepare() {
        long from = (long) frame * HOP - REACH;
        long to = from + PowerSpectrum.SIZE;
        while (!ended && base + filled < to) {
            discardBefore(from);
            append();
        }
        if (ended && (long) frame * HOP > samples) {
            return false;
        }
        if (base + filled < to) {
            discardBefore(from);
            int missing = (int) (to - base - filled);
            Arrays.fill(buffer, filled, filled + missing, 0);
            filled += missing;
        }
        return true;
    }

    private void discardBefore(long sample) {
        int dropped = (int) Math.min(filled, sample - base);
        if (dropped > 0) {
            System.arraycopy(buffer, dropped, buffer, 0, filled - dropped);
            filled -= dropped;
            base += dropped;
        }
    }

    private void append() {
        int count = reader.read(block);
        if (count < 0) {
            ended = true;
            return;
        }
        System.arraycopy(block, 0, buffer, filled, count);
        filled += count;
        samples += count;
    }

    /** Reads enough to mirror the first 200 samples to the left of the audio. */
    private void readHead() {
        filled = REACH;
        while (!ended && filled <= 2 * REACH) {
            int count = readUpTo(2 * REACH + 1 - filled);
            if (count < 0) {
                ended = true;
            } else {
                System.arraycopy(block, 0, buffer, filled, count);
                filled += count;
                samples += count;
            }
        }
        long padded = samples + HOP;
        for (int i = 1; i <= REACH; i++) {
            long mirrored = i;
            while (ended && mirrored >= padded) {
                // Audio shorter than the border is mirrored again, as numpy's "reflect" does.
                mirrored = Math.abs(2 * (padded - 1) - mirrored);
            }
            buffer[REACH - i] = mirrored < samples ? buffer[(int) (REACH + mirrored)] : 0;
        }
    }

    private int readUpTo(int most) {
        float[] head = new float[most];
        int count = reader.read(head);
        if (count > 0) {
            System.arraycopy(head, 0, block, 0, count);
        }
        return count;
    }
}
