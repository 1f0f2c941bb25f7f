package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The codes against FFmpeg's decoders, for every 16-bit value. */
class G711Test {
    @TempDir Path folder;

    @Test
    void everySampleComesBackWithinHalfAStep() throws Exception {
        int[] mulaw = values(7);
        int[] alaw = values(6);
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            // A step is a sixteenth of its segment, which begins at no more than the sample.
            int halfStep = 8 + Math.abs(sample) / 32;
            assertThat(mulaw[G711.mulaw((short) sample) & 0xff])
                    .isCloseTo(sample, within(halfStep));
            assertThat(alaw[G711.alaw((short) sample) & 0xff]).isCloseTo(sample, within(halfStep));
        }
    }

    @Test
    void whatACodeStandsForGetsThatCode() throws Exception {
        int[] mulaw = values(7);
        int[] alaw = values(6);
        for (int code = 0; code < 256; code++) {
            assertThat(mulaw[G711.mulaw((short) mulaw[code]) & 0xff]).isEqualTo(mulaw[code]);
            assertThat(alaw[G711.alaw((short) alaw[code]) & 0xff]).isEqualTo(alaw[code]);
        }
    }

    /** What FFmpeg makes of each code. */
    private int[] values(int tag) throws Exception {
        byte[] codes = new byte[256];
        for (int i = 0; i < 256; i++) {
            codes[i] = (byte) i;
        }
        Path file = folder.resolve("codes");
        Files.write(file, Wav.file(tag, 16_000, 1, 8, codes));
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            float[] samples = Samples.all(decoder.open(file));
            int[] values = new int[256];
            for (int i = 0; i < 256; i++) {
                values[i] = Math.round(samples[i] * 32_768);
            }
            return values;
        }
    }
}
