package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Sound that is encoded and decoded again; every test closes what it opens. */
@Tag("locale")
abstract class EncodedSound {
    @TempDir Path folder;
    final AudioEncoders encoders = new AudioEncoders(1);
    final AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited());

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(encoders.openEncoders()).isZero();
        assertThat(decoder.openReaders()).isZero();
        encoders.close();
        decoder.close();
    }

    byte[] encode(
            AudioFormat format,
            int inputRate,
            int outputRate,
            float[] samples,
            int chunk,
            long known)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AudioEncoder encoder =
                encoders.open(AudioTarget.of(format, outputRate), inputRate, out, known)) {
            for (int from = 0; from < samples.length; from += chunk) {
                float[] piece =
                        Arrays.copyOfRange(samples, from, Math.min(samples.length, from + chunk));
                encoder.write(piece, piece.length);
            }
            encoder.finish();
        }
        return out.toByteArray();
    }

    /** What has no header of its own gets one. */
    float[] decode(AudioFormat format, int rate, byte[] bytes) throws IOException {
        byte[] file =
                switch (format) {
                    case PCM -> Wav.file(Wav.PCM, rate, 1, 16, bytes);
                    case MULAW -> Wav.file(7, rate, 1, 8, bytes);
                    case ALAW -> Wav.file(6, rate, 1, 8, bytes);
                    default -> bytes;
                };
        return Samples.all(
                decoder.open(Files.write(Files.createTempFile(folder, "coded", ""), file)));
    }

    /** 100 to 3000 Hz, at half of full scale. */
    static float[] sweep(int rate, double seconds) {
        float[] samples = new float[(int) (rate * seconds)];
        for (int i = 0; i < samples.length; i++) {
            double t = (double) i / rate;
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * (100 + 1_450 * t / seconds) * t));
        }
        return samples;
    }
}
