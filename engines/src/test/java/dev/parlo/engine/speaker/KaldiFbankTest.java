package dev.parlo.engine.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.speaker.KaldiFbank.FrontEnd;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class KaldiFbankTest {
    private static final Offset<Float> CLOSE = within(2e-3f);
    private final KaldiFbank fbank = new KaldiFbank(FrontEnd.WESPEAKER);

    /** Values that WeSpeaker's own front end yields. */
    @Test
    void aSlowSineHasTheReferencesEnergies() {
        float[] x = new float[16_000];
        for (int n = 0; n < x.length; n++) {
            x[n] = (float) Math.sin(n / 100.0);
        }
        float[] features = fbank.features(x, x.length);
        assertThat(features).hasSize(98 * 80);
        assertThat(at(features, 0, 0)).isCloseTo(21.858736f, CLOSE);
        assertThat(at(features, 0, 40)).isCloseTo(11.058224f, CLOSE);
        assertThat(at(features, 0, 79)).isCloseTo(10.358452f, CLOSE);
        assertThat(at(features, 50, 0)).isCloseTo(22.295574f, CLOSE);
        assertThat(at(features, 97, 79)).isCloseTo(9.669326f, CLOSE);
        KaldiFbank.subtractMean(features);
        assertThat(at(features, 0, 0)).isCloseTo(-0.193004f, CLOSE);
        assertThat(at(features, 0, 1)).isCloseTo(-0.058251f, CLOSE);
        assertThat(at(features, 0, 78)).isCloseTo(0.268336f, CLOSE);
        assertThat(at(features, 0, 79)).isCloseTo(0.262507f, CLOSE);
        assertThat(at(features, 1, 0)).isCloseTo(0.190619f, CLOSE);
        assertThat(at(features, 97, 78)).isCloseTo(-0.436928f, CLOSE);
        assertThat(at(features, 97, 79)).isCloseTo(-0.426619f, CLOSE);
    }

    @Test
    void aToneWithASweepHasTheReferencesEnergies() {
        float[] z = new float[16_000];
        for (int n = 0; n < z.length; n++) {
            double t = n / 16_000.0;
            z[n] =
                    (float)
                            (0.5 * Math.sin(2 * Math.PI * 440 * t)
                                    + 0.1 * Math.sin(2 * Math.PI * (200 + 1500 * t) * t));
        }
        float[] features = fbank.features(z, z.length);
        assertThat(at(features, 0, 0)).isCloseTo(12.46618f, CLOSE);
        assertThat(at(features, 0, 20)).isCloseTo(15.42187f, CLOSE);
        assertThat(at(features, 50, 0)).isCloseTo(11.39849f, CLOSE);
        assertThat(at(features, 50, 40)).isCloseTo(21.53026f, CLOSE);
        assertThat(at(features, 97, 79)).isCloseTo(11.47288f, CLOSE);
        KaldiFbank.subtractMean(features);
        assertThat(at(features, 0, 0)).isCloseTo(-1.01810f, CLOSE);
        assertThat(at(features, 0, 20)).isCloseTo(0.01353f, CLOSE);
        assertThat(at(features, 50, 0)).isCloseTo(-2.08579f, CLOSE);
        assertThat(at(features, 50, 40)).isCloseTo(7.13304f, CLOSE);
        assertThat(at(features, 97, 79)).isCloseTo(-0.19538f, CLOSE);
    }

    @Test
    void theFastEnergiesAreThoseOfTheFormulas() {
        float[] x = noise(3000);
        double[][] plain = PlainFbank.features(x);
        float[] features = fbank.features(x, x.length);
        assertThat(features).hasSize(plain.length * 80);
        for (int t = 0; t < plain.length; t++) {
            for (int j = 0; j < 80; j++) {
                assertThat((double) at(features, t, j)).isCloseTo(plain[t][j], within(1e-5));
            }
        }
    }

    /** The filters are where Kaldi has them. */
    @Test
    void thePlainFiltersAreKaldis() {
        double sum = 0;
        for (int j = 0; j < 80; j++) {
            for (int k = 0; k < 256; k++) {
                sum += PlainFbank.weight(j, k);
            }
        }
        assertThat(sum).isCloseTo(250.7508, within(1e-4));
        assertThat(PlainFbank.weight(0, 1)).isCloseTo(0.503983, within(1e-6));
        assertThat(PlainFbank.weight(0, 2)).isCloseTo(0.135723, within(1e-6));
        assertThat(PlainFbank.weight(1, 2)).isCloseTo(0.864277, within(1e-6));
        assertThat(PlainFbank.weight(79, 239)).isZero();
        assertThat(PlainFbank.weight(79, 240)).isPositive();
        assertThat(PlainFbank.weight(79, 255)).isPositive();
    }

    @Test
    void onlyWholeFramesCountAndSilenceHasTheFloor() {
        assertThat(fbank.features(new float[399], 399)).isEmpty();
        assertThat(fbank.features(new float[400], 400)).hasSize(80);
        assertThat(fbank.features(new float[559], 559)).hasSize(80);
        assertThat(fbank.features(new float[560], 560)).hasSize(160);
        assertThat(fbank.features(new float[400], 400))
                .containsOnly((float) Math.log(1.1920929e-7));
    }

    /** 3D-Speaker's samples are not scaled, and its window is another one. */
    @Test
    void otherFrontEndsDiffer() {
        float[] x = noise(400);
        float[] other = new KaldiFbank(FrontEnd.THREE_D_SPEAKER).features(x, x.length);
        float[] ours = fbank.features(x, x.length);
        assertThat(ours[40] - other[40]).isCloseTo((float) (2 * Math.log(32768)), within(1f));
    }

    @Test
    void aWindowsFeaturesAreThoseOfTheRecordingWithoutTheWindowsMean() {
        float[] recording = noise(13 * 16_000);
        VoiceWindow window = new VoiceWindow(new KaldiFbank(FrontEnd.WESPEAKER));
        for (int second = 0; second <= 3; second++) {
            float[] samples =
                    Arrays.copyOfRange(recording, second * 16_000, second * 16_000 + 160_000);
            window.move(samples);
            float[] alone = fbank.features(samples, samples.length);
            KaldiFbank.subtractMean(alone);
            assertThat(window.features()).containsExactly(alone);
        }
    }

    private static float at(float[] features, int frame, int bin) {
        return features[frame * 80 + bin];
    }

    private static float[] noise(int samples) {
        Random random = new Random(3);
        float[] x = new float[samples];
        for (int i = 0; i < samples; i++) {
            x[i] = (float) random.nextGaussian() / 8;
        }
        return x;
    }
}
