package dev.parlo.engine.audio;

/** Audio in memory: what was recorded, received piece by piece, or computed. Thread-safe. */
public final class PcmAudio implements AudioSource {
    private final float[] samples;
    private final int length;

    /**
     * A copy of samples.
     *
     * @param samples mono at {@link #SAMPLE_RATE}, within [-1, 1]; copied
     */
    public PcmAudio(float[] samples) {
        this(samples.clone(), samples.length);
    }

    private PcmAudio(float[] samples, int length) {
        this.samples = samples;
        this.length = length;
    }

    /**
     * Without a copy.
     *
     * @param samples mono at {@link #SAMPLE_RATE}, within [-1, 1]; which must not be changed
     *     afterwards
     * @return the samples as a source
     */
    public static PcmAudio of(float[] samples) {
        return new PcmAudio(samples, samples.length);
    }

    @Override
    public Reader open() {
        return new Reader() {
            private int position;

            @Override
            public int read(float[] into) {
                if (into.length == 0) {
                    throw new IllegalArgumentException("samples has no room");
                }
                int n = Math.min(into.length, length - position);
                if (n == 0) {
                    return -1;
                }
                System.arraycopy(samples, position, into, 0, n);
                position += n;
                return n;
            }

            @Override
            public void close() {}
        };
    }
}
