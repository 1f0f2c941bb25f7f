package dev.parlo.engine.audio;

/** Audio in memory: what was recorded, received piece by piece, or computed. Thread-safe. */
public final class PcmAudio implements AudioSource {
    private final float[] samples;

    /**
     * @param samples mono at {@link #SAMPLE_RATE}, within [-1, 1]; copied
     */
    public PcmAudio(float[] samples) {
        this.samples = samples.clone();
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
                int n = Math.min(into.length, samples.length - position);
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
