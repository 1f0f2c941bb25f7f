package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Streams change their rate without seams, without aliasing and without losing their end. */
class ResamplerTest {
    @Property(tries = 40)
    void piecesOfAnySizeGiveWhatTheWholeGives(
            @ForAll @IntRange(min = 8_000, max = 48_000) int from,
            @ForAll @IntRange(min = 8_000, max = 48_000) int to,
            @ForAll @IntRange(min = 1, max = 3_000) int piece) {
        float[] input = tone(from, 440, 6_000);
        float[] whole = resample(from, to, input, input.length);
        float[] pieces = resample(from, to, input, piece);
        assertThat(pieces.length).isEqualTo(whole.length);
        assertThat((double) whole.length).isCloseTo(6_000.0 * to / from, within(80.0));
        for (int i = 0; i < whole.length; i++) {
            assertThat(pieces[i]).isCloseTo(whole[i], within(1e-4f));
        }
    }

    @Test
    void aLongPieceGivesTheSameAsShortOnesAndTakesNoMoreNativeMemory() {
        float[] input = tone(22_050, 440, 600_000);
        float[] pieces = resample(22_050, 48_000, input, 441);
        long before = Pointer.totalBytes();
        try (Resampler resampler = new Resampler(22_050, 48_000)) {
            float[] whole = resampler.resample(input, input.length);
            // What the pieces have beyond it is the end, which the filter still holds.
            assertThat(whole.length).isBetween(pieces.length - 100, pieces.length);
            for (int i = 0; i < whole.length; i++) {
                assertThat(whole[i]).isCloseTo(pieces[i], within(1e-4f));
            }
            assertThat(Pointer.totalBytes() - before).isLessThan(1 << 20);
        }
    }

    @Test
    void whatFitsStaysAndWhatDoesNotFitVanishes() {
        float[] kept = resample(24_000, 16_000, tone(24_000, 1_000, 24_000), 500);
        float[] middle = Arrays.copyOfRange(kept, 1_000, 15_000);
        assertThat(loudness(middle)).isCloseTo(Math.sqrt(0.5), within(0.001));
        float[] gone = resample(24_000, 16_000, tone(24_000, 10_000, 24_000), 500);
        // 10 kHz would come back as 6 kHz.
        assertThat(loudness(Arrays.copyOfRange(gone, 1_000, 15_000))).isLessThan(0.001);
    }

    @Test
    void thereAndBackIsTheSame() {
        float[] input = tone(16_000, 700, 16_000);
        float[] back = resample(24_000, 16_000, resample(16_000, 24_000, input, 160), 240);
        for (int i = 200; i < 15_800; i++) {
            assertThat(back[i]).isCloseTo(input[i], within(2e-3f));
        }
    }

    @Test
    void theSameRatePassesThrough() {
        float[] input = {0.1f, 2f, -3f};
        assertThat(resample(16_000, 16_000, input, 2)).containsExactly(input);
    }

    @Test
    void misuseIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Resampler(0, 16_000))
                .withMessageContaining("inputRate is 0 Hz");
        Resampler finished = new Resampler(24_000, 16_000);
        assertThat(finished.finish()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> finished.resample(new float[1], 1));
        finished.close();
        finished.close();
    }

    private static float[] resample(int from, int to, float[] input, int piece) {
        float[] out = new float[0];
        try (Resampler resampler = new Resampler(from, to)) {
            for (int at = 0; at < input.length; at += piece) {
                float[] part = Arrays.copyOfRange(input, at, Math.min(input.length, at + piece));
                out = joined(out, resampler.resample(part, part.length));
            }
            return joined(out, resampler.finish());
        }
    }

    private static float[] joined(float[] a, float[] b) {
        float[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static float[] tone(int rate, double hertz, int length) {
        float[] samples = new float[length];
        for (int i = 0; i < length; i++) {
            samples[i] = (float) Math.sin(2 * Math.PI * hertz * i / rate);
        }
        return samples;
    }

    private static double loudness(float[] samples) {
        double sum = 0;
        for (float sample : samples) {
            sum += sample * sample;
        }
        return Math.sqrt(sum / samples.length);
    }
}
