package dev.parlo.server.listening;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.Resampler;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;

/** Audio at another rate, for whoever plays it. */
final class Resampled {
    private static final float SCALE = 32_768f;

    private Resampled() {}

    /**
     * @param bytes 16-bit samples at 16 kHz
     */
    static byte[] of(byte[] bytes, int rate) {
        ShortBuffer shorts = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        float[] samples = new float[shorts.remaining()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = shorts.get(i) / SCALE;
        }
        try (Resampler resampler = new Resampler(AudioSource.SAMPLE_RATE, rate)) {
            float[] first = resampler.resample(samples, samples.length);
            float[] rest = resampler.finish();
            ByteBuffer out =
                    ByteBuffer.allocate((first.length + rest.length) * Short.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            for (float[] part : new float[][] {first, rest}) {
                for (float sample : part) {
                    out.putShort(SampleStore.quantised(sample));
                }
            }
            return out.array();
        }
    }
}
