package dev.parlo.engine.audio;

import java.util.Arrays;

/**
 * Bare samples that come piece by piece, as mono 16 kHz. A piece may end within a sample. Runs on
 * the calling thread, in native code where the rate is another one; not thread-safe.
 */
public final class StreamedPcm implements AutoCloseable {
    private static final float SCALE = 32_768f;

    /** How a sample is written. */
    public enum Encoding {
        /** Signed 16 bits, little-endian. */
        PCM16(2),
        /** G.711 µ-law. */
        MULAW(1),
        /** G.711 A-law. */
        ALAW(1);

        private final int bytes;

        Encoding(int bytes) {
            this.bytes = bytes;
        }

        /** {@return bytes of a sample, 1 or 2} */
        public int bytes() {
            return bytes;
        }
    }

    private final Encoding encoding;
    private final int channels;
    private final Resampler resampler;
    private final byte[] split;
    private int waiting;

    /**
     * Begins a stream.
     *
     * @param encoding how a sample is written
     * @param rate samples per second and channel, 1000 to 768000
     * @param channels interleaved, at least 1; they are mixed to one
     * @throws IllegalArgumentException for other rates
     */
    public StreamedPcm(Encoding encoding, int rate, int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException(
                    "channels is " + channels + ", at least 1 is needed");
        }
        this.encoding = encoding;
        this.channels = channels;
        this.split = new byte[encoding.bytes() * channels];
        this.resampler = new Resampler(rate, AudioSource.SAMPLE_RATE);
    }

    /**
     * Takes the next bytes.
     *
     * @param bytes may end within a sample, whose rest comes first in the next piece
     * @return mono samples at 16 kHz, within [-1, 1]; possibly none
     */
    public float[] decode(byte[] bytes) {
        byte[] all = bytes;
        if (waiting > 0) {
            all = Arrays.copyOf(split, waiting + bytes.length);
            System.arraycopy(bytes, 0, all, waiting, bytes.length);
        }
        int frames = all.length / split.length;
        waiting = all.length - frames * split.length;
        System.arraycopy(all, all.length - waiting, split, 0, waiting);
        float[] samples = new float[frames];
        for (int i = 0; i < frames; i++) {
            float sum = 0;
            for (int channel = 0; channel < channels; channel++) {
                sum += sample(all, i * split.length + channel * encoding.bytes());
            }
            samples[i] = sum / (SCALE * channels);
        }
        return resampler.resample(samples, frames);
    }

    private short sample(byte[] bytes, int at) {
        return switch (encoding) {
            case PCM16 -> (short) ((bytes[at] & 0xff) | bytes[at + 1] << 8);
            case MULAW -> G711.fromMulaw(bytes[at]);
            case ALAW -> G711.fromAlaw(bytes[at]);
        };
    }

    @Override
    public void close() {
        resampler.close();
    }
}
