package dev.parlo.engine.whisper.mel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MelSpectrogramTest {
    private static final int WINDOW = MelSpectrogram.WINDOW;

    @ParameterizedTest
    @CsvSource({
        "80, 0.02486259, 1.999024, 391",
        "128, 0.01237399, 3.190986, 394",
    })
    void filtersEqualLibrosas(int bands, float first, double sum, int nonZeros) {
        MelFilterBank bank = new MelFilterBank(bands);
        double total = 0;
        int count = 0;
        for (int band = 0; band < bands; band++) {
            for (int bin = 0; bin < PowerSpectrum.BINS; bin++) {
                total += bank.weight(band, bin);
                count += bank.weight(band, bin) != 0 ? 1 : 0;
            }
        }
        assertThat(bank.weight(0, 1)).isEqualTo(first, offset(1e-8f));
        assertThat(total).isEqualTo(sum, offset(1e-5));
        assertThat(count).isEqualTo(nonZeros);
    }

    @Property(tries = 20)
    void powerEqualsThePlainTransform(@ForAll long seed) {
        Random random = new Random(seed);
        float[] samples = new float[400];
        for (int i = 0; i < 400; i++) {
            samples[i] = random.nextFloat() * 2 - 1;
        }
        float[] power = new float[201];
        new PowerSpectrum().compute(samples, 0, power);
        for (int k = 0; k <= 200; k++) {
            double x = 0;
            double y = 0;
            for (int n = 0; n < 400; n++) {
                double windowed = samples[n] * (0.5 - 0.5 * Math.cos(2 * Math.PI * n / 400));
                x += windowed * Math.cos(2 * Math.PI * k * n / 400);
                y -= windowed * Math.sin(2 * Math.PI * k * n / 400);
            }
            assertThat((double) power[k]).isEqualTo(x * x + y * y, offset(1e-3));
        }
    }

    @Test
    void tonesGiveTheValuesOfTheReference() {
        float[] samples = tones();
        try (MelSpectrogram mel = spectrogram(samples, 80)) {
            float[] window = mel.window(0, 201);
            assertThat(mel.frames()).isEqualTo(201);
            assertThat(at(window, 0, 0)).isEqualTo(1.10467f, offset(1e-4f));
            assertThat(at(window, 10, 5)).isEqualTo(1.30022f, offset(1e-4f));
            assertThat(at(window, 20, 50)).isEqualTo(-0.57543f, offset(1e-4f));
            assertThat(at(window, 40, 200)).isEqualTo(0.29978f, offset(1e-4f));
            assertThat(at(window, 5, 100)).isEqualTo(0.81018f, offset(1e-4f));
            assertThat(mean(window, 80, 201)).isEqualTo(-0.350537, offset(1e-4));
        }
        try (MelSpectrogram mel = spectrogram(samples, 128)) {
            float[] window = mel.window(0, 201);
            assertThat(at(window, 0, 0)).isEqualTo(1.02891f, offset(1e-4f));
            assertThat(at(window, 10, 5)).isEqualTo(1.05059f, offset(1e-4f));
            assertThat(at(window, 20, 50)).isEqualTo(1.23866f, offset(1e-4f));
            assertThat(at(window, 64, 200)).isEqualTo(0.29522f, offset(1e-4f));
            assertThat(at(window, 5, 100)).isEqualTo(0.07148f, offset(1e-4f));
            assertThat(mean(window, 128, 201)).isEqualTo(-0.325720, offset(1e-4));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "16000, 101", "159, 1", "160, 2"})
    void silenceIsMinusOneAndAHalf(int samples, int frames) {
        try (MelSpectrogram mel = spectrogram(new float[samples], 80)) {
            assertThat(mel.frames()).isEqualTo(frames);
            float[] window = mel.window(0, WINDOW);
            assertThat(at(window, 0, 0)).isEqualTo(-1.5f, offset(1e-6f));
            assertThat(at(window, 79, frames - 1)).isEqualTo(-1.5f, offset(1e-6f));
            assertThat(at(window, 79, frames)).isZero();
        }
    }

    @Property(tries = 25)
    void anyWindowEqualsThePlainSpectrogram(
            @ForAll @IntRange(min = 1, max = 20_000) int length,
            @ForAll @IntRange(min = 1, max = 5000) int block,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = random.nextFloat() - 0.5f;
        }
        double[][] reference = PlainMel.compute(samples, 80);
        try (MelSpectrogram mel =
                new MelSpectrogram(new ArrayAudio(samples, block), 80, new Cancellation())) {
            assertThat(mel.frames()).isEqualTo(reference[0].length);
            assertThat(mel.samples()).isEqualTo(length);
            for (int turn = 0; turn < 3; turn++) {
                int start = random.nextInt(mel.frames());
                int size = random.nextInt(40);
                float[] window = mel.window(start, size);
                for (int frame = 0; frame < 40; frame++) {
                    boolean inside = frame < size && start + frame < mel.frames();
                    for (int band = 0; band < 80; band += 13) {
                        double expected = inside ? reference[band][start + frame] : 0;
                        assertThat((double) at(window, band, frame))
                                .isEqualTo(expected, offset(1e-4));
                    }
                }
            }
        }
    }

    @Test
    void seeksNearbyKeepTheReaderAndFarBackReopenTheSource() {
        float[] samples = new float[16_000 * 100];
        Random random = new Random(1);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = random.nextFloat() - 0.5f;
        }
        ArrayAudio audio = new ArrayAudio(samples, 4096);
        try (MelSpectrogram mel = new MelSpectrogram(audio, 80, new Cancellation())) {
            float[] first = mel.window(0, WINDOW);
            mel.window(2500, WINDOW);
            mel.window(2000, WINDOW);
            float[] late = mel.window(6900, WINDOW);
            assertThat(audio.opened()).isEqualTo(2);
            assertThat(mel.window(0, WINDOW)).isEqualTo(first);
            assertThat(audio.opened()).isEqualTo(3);
            assertThat(mel.window(6900, WINDOW)).isEqualTo(late);
        }
    }

    @Test
    void aRecordingOfAMinuteIsReadOnce() {
        ArrayAudio audio = new ArrayAudio(new float[16_000 * 59], 4096);
        try (MelSpectrogram mel = new MelSpectrogram(audio, 80, new Cancellation())) {
            for (int start : new int[] {0, 2900, 100, 5000}) {
                mel.window(start, 900);
            }
            assertThat(audio.opened()).isEqualTo(1);
        }
    }

    /** Behind the first minute frames are passed over by their energy alone. */
    @Property(tries = 12)
    void theLoudestValueIsFoundWhereverItIs(@ForAll long seed) {
        Random random = new Random(seed);
        // Begins and ends in silence, so that no frame is cut off.
        float[] loud = new float[16_000 * 20];
        for (int part = 1; part < 9; part++) {
            double gain = Math.pow(10, -3 * random.nextDouble());
            double hertz = 30 + 7900 * random.nextDouble();
            double noise = random.nextBoolean() ? random.nextDouble() : 0;
            for (int i = part * 32_000; i < (part + 1) * 32_000; i++) {
                double tone = Math.sin(2 * Math.PI * hertz * i / 16_000) * (1 - noise);
                loud[i] = (float) (gain * (tone + noise * (random.nextDouble() - 0.5)));
            }
        }
        float[] late = new float[16_000 * 62 + loud.length];
        System.arraycopy(loud, 0, late, 16_000 * 62, loud.length);
        try (MelSpectrogram early = spectrogram(loud, 80);
                MelSpectrogram both = spectrogram(late, 80)) {
            assertThat(both.window(6200, 2000)).isEqualTo(early.window(0, 2000));
            assertThat(both.window(100, 1)[0]).isEqualTo(early.window(0, 1)[0]);
        }
    }

    @Test
    void cancellingStopsTheFirstPass() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        Assertions.assertThatThrownBy(() ->
                        new MelSpectrogram(
                                new ArrayAudio(new float[600_000], 1000), 80, cancellation))
                .isInstanceOf(EngineException.class);
    }

    private static MelSpectrogram spectrogram(float[] samples, int bands) {
        return new MelSpectrogram(new ArrayAudio(samples, 1000), bands, new Cancellation());
    }

    private static float[] tones() {
        float[] samples = new float[32_000];
        for (int n = 0; n < samples.length; n++) {
            samples[n] =
                    (float)
                            (0.4 * Math.sin(2 * Math.PI * 440 * n / 16000)
                                    + 0.2
                                            * Math.sin(
                                                    2
                                                            * Math.PI
                                                            * (200 + 50 * n / 16000.0)
                                                            * n
                                                            / 16000));
        }
        return samples;
    }

    private static float at(float[] window, int band, int frame) {
        return window[band * WINDOW + frame];
    }

    private static double mean(float[] window, int bands, int frames) {
        double sum = 0;
        for (int band = 0; band < bands; band++) {
            for (int frame = 0; frame < frames; frame++) {
                sum += at(window, band, frame);
            }
        }
        return sum / bands / frames;
    }

    @Test
    void readingPastHoursIsCancelledToo() {
        Cancellation cancellation = new Cancellation();
        try (MelSpectrogram mel =
                new MelSpectrogram(
                        new ArrayAudio(new float[16_000 * 100], 16_000), 80, cancellation)) {
            cancellation.cancel();
            Assertions.assertThatThrownBy(() -> mel.window(9000, 100))
                    .isInstanceOf(EngineException.class);
        }
    }
}
