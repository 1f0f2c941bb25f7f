package dev.parlo.engine.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/** WAV files of every shape, made by hand so that no library of ours is on both sides of a test. */
final class Wav {
    static final int PCM = 1;
    static final int FLOAT = 3;

    private Wav() {}

    /** 16-bit PCM, channels interleaved. */
    static byte[] pcm16(int rate, int channels, short[] samples) {
        ByteBuffer data = ByteBuffer.allocate(samples.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        data.asShortBuffer().put(samples);
        return file(PCM, rate, channels, 16, data.array());
    }

    /** 32-bit float, channels interleaved. */
    static byte[] float32(int rate, int channels, float[] samples) {
        ByteBuffer data = ByteBuffer.allocate(samples.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(samples);
        return file(FLOAT, rate, channels, 32, data.array());
    }

    static byte[] file(int codec, int rate, int channels, int bits, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        IntConsumer u32 =
                v -> {
                    for (int shift = 0; shift < 32; shift += 8) {
                        out.write(v >>> shift);
                    }
                };
        IntConsumer u16 =
                v -> {
                    out.write(v);
                    out.write(v >>> 8);
                };
        int frame = channels * bits / 8;
        out.writeBytes("RIFF".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        u32.accept(36 + data.length);
        out.writeBytes("WAVEfmt ".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        u32.accept(16);
        u16.accept(codec);
        u16.accept(channels);
        u32.accept(rate);
        u32.accept(rate * frame);
        u16.accept(frame);
        u16.accept(bits);
        out.writeBytes("data".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        u32.accept(data.length);
        out.writeBytes(data);
        return out.toByteArray();
    }

    /** A tone, 16 bits. */
    static short[] tone(int rate, double seconds, double hertz) {
        short[] samples = new short[(int) (rate * seconds)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) Math.round(12_000 * Math.sin(2 * Math.PI * hertz * i / rate));
        }
        return samples;
    }
}
