package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against numbers computed from NeMo's published formulas. */
class NemoMelTest {
    private static final int FRAMES = 100;

    private final NemoMel mel = new NemoMel();

    private static float[] tones() {
        float[] samples = new float[16_000];
        for (int n = 0; n < samples.length; n++) {
            samples[n] =
                    (float)
                            (0.5 * Math.sin(2 * Math.PI * 440 * n / 16000)
                                    + 0.1
                                            * Math.sin(
                                                    2
                                                            * Math.PI
                                                            * (200 + 1500 * n / 16000.0)
                                                            * n
                                                            / 16000));
        }
        return samples;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, -7.52843",
        "0, 20, -1.42387",
        "50, 0, -16.27539",
        "50, 20, -2.02253",
        "50, 64, -0.03842",
        "50, 127, -16.63553",
        "99, 127, -13.66437",
        "100, 5, -5.76628"
    })
    void bandsAreLogarithmsOfEnergies(int frame, int band, float expected) {
        float[] energies = mel.energies(tones(), FRAMES + 1);
        assertThat(energies[band * (FRAMES + 1) + frame]).isCloseTo(expected, within(5e-4f));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 7.02634",
        "20, 0, 3.53372",
        "0, 50, -0.61881",
        "20, 50, -0.05269",
        "64, 50, 3.47976",
        "127, 50, -0.15667",
        "127, 99, 3.55769"
    })
    void everyBandIsBroughtToTheSameScale(int band, int frame, float expected) {
        float[] features = mel.features(tones());
        assertThat(features).hasSize(NemoMel.BANDS * FRAMES);
        assertThat(features[band * FRAMES + frame]).isCloseTo(expected, within(5e-4f));
    }

    @Test
    void theFiltersAreSlaneysTriangles() {
        double sum = 0;
        for (int band = 0; band < NemoMel.BANDS; band++) {
            for (int bin = 0; bin < 257; bin++) {
                sum += mel.weight(band, bin);
            }
        }
        assertThat(sum).isCloseTo(4.0904876, within(1e-6));
        assertThat(mel.weight(0, 1)).isCloseTo(0.0283775, within(1e-7));
        assertThat(mel.weight(0, 0) + mel.weight(0, 2)).isZero();
        assertThat(mel.weight(127, 243)).isZero();
        assertThat(mel.weight(127, 244)).isCloseTo(4.76e-5, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 159, 160, 161, 320})
    void audioOfHardlyAnyLengthGivesFiniteNumbers(int samples) {
        float[] features = mel.features(new float[samples]);
        assertThat(features).hasSize(NemoMel.BANDS * (samples / NemoMel.HOP));
        for (float value : features) {
            assertThat(value).isFinite();
        }
    }
}
