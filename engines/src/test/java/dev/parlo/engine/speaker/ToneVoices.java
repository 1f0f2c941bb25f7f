package dev.parlo.engine.speaker;

import dev.parlo.engine.audio.AudioSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Makes recordings of "people" who are tones of different heights, eight syllables a second, in a
 * room with a little noise. Who speaks when is exactly what was asked for.
 */
public final class ToneVoices {
    /** Of each voice. */
    static final double[] HERTZ = {350, 1100, 2600};

    private static final int RATE = AudioSource.SAMPLE_RATE;
    private static final double NOISE = 0.02;

    private ToneVoices() {}

    /** A recording of so many seconds in which there are these turns. */
    public static float[] recording(double seconds, List<SpeakerTurn> turns) {
        float[] samples = new float[(int) Math.round(seconds * RATE)];
        Random random = new Random(5);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (random.nextGaussian() * NOISE);
        }
        for (SpeakerTurn turn : turns) {
            int from = (int) Math.round(turn.start() * RATE);
            int to = Math.min(samples.length, (int) Math.round(turn.end() * RATE));
            for (int i = from; i < to; i++) {
                double t = (double) i / RATE;
                // From 0.02 to 0.4, evenly in decibels.
                double loudness = 0.09 * Math.exp(1.5 * Math.sin(2 * Math.PI * 8 * t));
                samples[i] +=
                        (float) (loudness * Math.sin(2 * Math.PI * HERTZ[turn.speaker()] * t));
            }
        }
        return samples;
    }

    /** The samples as a source. */
    public static AudioSource source(float[] samples) {
        return () ->
                new AudioSource.Reader() {
                    private int position;

                    @Override
                    public int read(float[] into) {
                        // Odd blocks, as those of a decoder.
                        int n = Math.min(Math.min(into.length, 4097), samples.length - position);
                        if (n <= 0) {
                            return -1;
                        }
                        System.arraycopy(samples, position, into, 0, n);
                        position += n;
                        return n;
                    }

                    @Override
                    public void close() {
                        position = samples.length;
                    }
                };
    }

    /** The samples of each channel as a WAV file. */
    public static byte[] wav(float[]... channels) {
        int frames = channels[0].length;
        int bytes = frames * channels.length * Short.BYTES;
        ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + bytes);
        wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        wav.putShort((short) 1).putShort((short) channels.length).putInt(RATE);
        wav.putInt(RATE * channels.length * Short.BYTES);
        wav.putShort((short) (channels.length * Short.BYTES)).putShort((short) 16);
        wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes);
        for (int i = 0; i < frames; i++) {
            for (float[] channel : channels) {
                wav.putShort((short) Math.clamp(Math.round(channel[i] * 32767), -32768, 32767));
            }
        }
        return wav.array();
    }
}
