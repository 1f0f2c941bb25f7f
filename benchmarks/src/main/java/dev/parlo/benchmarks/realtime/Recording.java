package dev.parlo.benchmarks.realtime;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Somebody speaks, and then nobody does.
 *
 * @param pcm 16-bit samples at 16 kHz
 * @param voiceStart byte where the voice begins
 * @param voiceEnd byte behind it
 */
record Recording(byte[] pcm, int voiceStart, int voiceEnd) {
    static final int RATE = AudioSource.SAMPLE_RATE;
    private static final int FRAME = RATE / 100;
    private static final double AUDIBLE = 0.008;

    /** What a file holds, followed by so much silence. */
    static Recording of(Path file, double silence) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int first = -1;
        int last = 0;
        try (AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 28, 600));
                AudioSource.Reader reader = decoder.open(file, null).open()) {
            float[] frame = new float[FRAME];
            for (int n = reader.read(frame); n >= 0; n = reader.read(frame)) {
                double energy = 0;
                int at = bytes.size();
                for (int i = 0; i < n; i++) {
                    energy += frame[i] * frame[i];
                    int value = Math.round(frame[i] * 32_767);
                    bytes.write(value);
                    bytes.write(value >> 8);
                }
                if (Math.sqrt(energy / n) > AUDIBLE) {
                    first = first < 0 ? at : first;
                    last = bytes.size();
                }
            }
        }
        byte[] pcm = bytes.toByteArray();
        return new Recording(
                Arrays.copyOf(pcm, last + 2 * (int) (silence * RATE)), Math.max(0, first), last);
    }

    static Recording silence(double seconds) {
        return new Recording(new byte[2 * (int) (seconds * RATE)], 0, 0);
    }
}
