package dev.parlo.engine.audio;

/**
 * Turns samples at the output's rate into the bytes of one format. Every call yields the bytes that
 * are ready by then. Not thread-safe.
 */
sealed interface SampleEncoder extends AutoCloseable permits PcmEncoder, CodecEncoder {
    /** The bytes before the first sample; may be none. */
    byte[] start();

    /** Samples in [-1, 1]. */
    byte[] encode(float[] samples);

    /** The last bytes. */
    byte[] finish();

    @Override
    void close();

    /** In [-32767, 32767], rounded; the input is within [-1, 1]. */
    static short toShort(float sample) {
        return (short) Math.round(sample * 32_767f);
    }
}
