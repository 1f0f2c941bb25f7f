package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RealFftTest {
    @Test
    void powerIsThatOfTheDefinition() {
        Random random = new Random(1);
        for (int size : new int[] {2, 8, 64, 512}) {
            double[] samples = random.doubles(size, -1, 1).toArray();
            double[] power = new double[size / 2 + 1];
            new RealFft(size).power(samples, power);
            for (int k = 0; k <= size / 2; k++) {
                double re = 0;
                double im = 0;
                for (int n = 0; n < size; n++) {
                    re += samples[n] * Math.cos(2 * Math.PI * k * n / size);
                    im += samples[n] * Math.sin(2 * Math.PI * k * n / size);
                }
                assertThat(power[k]).isCloseTo(re * re + im * im, within(1e-9 * size));
            }
        }
    }

    @Test
    void fewerSamplesCountAsFollowedByZeros() {
        double[] padded = new double[5];
        double[] full = new double[5];
        new RealFft(8).power(new double[] {1, 2, 3}, padded);
        new RealFft(8).power(new double[] {1, 2, 3, 0, 0, 0, 0, 0}, full);
        assertThat(padded).containsExactly(full);
    }

    @Test
    void onlyPowersOfTwo() {
        for (int size : new int[] {0, 1, 3, 400}) {
            assertThatThrownBy(() -> new RealFft(size))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
