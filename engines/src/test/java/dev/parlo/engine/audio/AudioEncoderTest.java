package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.EngineException.Category;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What was encoded is decoded again, in every format. */
@Tag("locale")
final class AudioEncoderTest extends EncodedSound {
    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void aSweepComesBackWholeInEveryFormat(AudioFormat format) throws IOException {
        int rate = 24_000;
        byte[] bytes = encode(format, rate, rate, sweep(rate, 2.3), 6_000, -1);
        float[] back = decode(format, rate, bytes);
        double excess = back.length / 16_000.0 - 2.3 - primingSeconds(format, rate);
        assertThat(excess).isCloseTo(0, within(0.05));
        assertThat(likeness(2.3, back)).isGreaterThan(0.99);
    }

    @ParameterizedTest
    @CsvSource({
        "16000,24000",
        "22050,22050",
        "24000,8000",
        "24000,44100",
        "22050,48000",
        "24000,17000"
    })
    void everyFormatTakesEveryRate(int inputRate, int outputRate) throws IOException {
        for (AudioFormat format : AudioFormat.values()) {
            byte[] bytes = encode(format, inputRate, outputRate, sweep(inputRate, 1), 5_000, -1);
            int rate = format.sampleRate(outputRate);
            float[] back = decode(format, rate, bytes);
            assertThat(back.length / 16_000.0 - 1)
                    .as("%s", format)
                    .isCloseTo(primingSeconds(format, rate), within(0.05));
            assertThat(likeness(1, back)).as("%s", format).isGreaterThan(0.99);
        }
    }

    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void thePiecesDoNotMatter(AudioFormat format) throws IOException {
        float[] samples = sweep(22_050, 0.7);
        float[] whole = decode(format, 24_000, encode(format, 22_050, 24_000, samples, 50_000, -1));
        float[] pieces = decode(format, 24_000, encode(format, 22_050, 24_000, samples, 331, -1));
        assertThat(pieces).hasSameSizeAs(whole);
        assertThat(Samples.correlation(whole, pieces, 0)).isGreaterThan(0.9999);
    }

    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void theSameTextIsTheSameBytes(AudioFormat format) throws IOException {
        float[] samples = sweep(24_000, 0.3);
        assertThat(encode(format, 24_000, 24_000, samples, 1_000, -1))
                .isEqualTo(encode(format, 24_000, 24_000, samples, 1_000, -1));
    }

    @Test
    void tooLoudIsClippedAndNotANumberIsSilent() throws IOException {
        float[] samples = {0, 1, -1, 1.5f, -7, Float.NaN, Float.POSITIVE_INFINITY, 0.5f};
        byte[] pcm = encode(AudioFormat.PCM, 24_000, 24_000, samples, 3, -1);
        short[] values = new short[8];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(values);
        assertThat(values).containsExactly(0, 32767, -32767, 32767, -32767, 0, 32767, 16384);
        assertThat(samples[3]).isEqualTo(1.5f);
    }

    @Test
    void aClientThatIsGoneIsAnIOException() throws IOException {
        OutputStream gone =
                new OutputStream() {
                    private int bytes;

                    @Override
                    public void write(int b) throws IOException {
                        if (++bytes > 2_000) {
                            throw new IOException("broken pipe");
                        }
                    }
                };
        try (AudioEncoder encoder = encoders.open(AudioFormat.PCM, 24_000, 24_000, gone)) {
            encoder.write(new float[100], 100);
            assertThatIOException().isThrownBy(() -> encoder.write(new float[10_000], 10_000));
        }
    }

    @Test
    void misuseIsNamed() throws IOException {
        OutputStream none = OutputStream.nullOutputStream();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoders.open(AudioFormat.MP3, 24_000, 7_999, none))
                .withMessageContaining("7999");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encoders.open(AudioFormat.MP3, 10, 24_000, none));
        AudioEncoder encoder = encoders.open(AudioFormat.AAC, 24_000, 24_000, none);
        encoder.finish();
        assertThatIllegalStateException().isThrownBy(() -> encoder.write(new float[1], 1));
        encoder.close();
        encoder.close();
        AudioEncoder closed = encoders.open(AudioFormat.OPUS, 24_000, 24_000, none);
        closed.close();
        Samples.refused(Category.CANCELLED, () -> closed.write(new float[1], 1));
    }

    @Test
    void manyStreamsAtOnceStayApart() throws IOException {
        // More than the ten callbacks that JavaCPP has room for.
        int streams = 24;
        float[] samples = sweep(24_000, 0.5);
        byte[] alone = encode(AudioFormat.OPUS, 24_000, 24_000, samples, 2_000, -1);
        ByteArrayOutputStream[] outs = new ByteArrayOutputStream[streams];
        AudioEncoder[] open = new AudioEncoder[streams];
        for (int i = 0; i < streams; i++) {
            outs[i] = new ByteArrayOutputStream();
            open[i] = encoders.open(AudioFormat.OPUS, 24_000, 24_000, outs[i]);
        }
        for (int from = 0; from < samples.length; from += 2_000) {
            for (AudioEncoder encoder : open) {
                encoder.write(Arrays.copyOfRange(samples, from, from + 2_000), 2_000);
            }
        }
        for (int i = 0; i < streams; i++) {
            open[i].finish();
            open[i].close();
            assertThat(outs[i].toByteArray()).isEqualTo(alone);
        }
    }

    @Tag("once")
    @Test
    void manyStreamsLeaveNoMemoryBehind() {
        streams(30);
        // The state of one Opus or MP3 encoder alone is beyond 100 kB.
        assertThat(Samples.growthInKilobytes(() -> streams(5), () -> streams(100)))
                .isLessThan(40_000);
    }

    private void streams(int times) {
        float[] chunk = new float[3_000];
        for (int i = 0; i < times; i++) {
            for (AudioFormat format : AudioFormat.values()) {
                try (AudioEncoder encoder =
                        encoders.open(format, 22_050, 24_000, OutputStream.nullOutputStream())) {
                    encoder.write(chunk, chunk.length);
                    if (i % 2 == 0) {
                        encoder.finish();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** What decoders play before the first sample given, where the format has no way to say so. */
    private static double primingSeconds(AudioFormat format, int rate) {
        return switch (format) {
            // One frame of look-ahead, and the last frame is half full on average.
            case AAC -> 1_536.0 / rate;
            // LAME's 576, the decoder's 529, one frame flushed at the end.
            case MP3 -> 1_105.0 / rate + 0.02;
            default -> 0;
        };
    }

    /**
     * The correlation of the sweep with {@code back}, which begins up to 0.2 s late. Moved by
     * thirds of a sample, because what decoders prepend is not a whole number of samples at 16 kHz.
     */
    private static double likeness(double seconds, float[] back) {
        float[] fine = sweep(48_000, seconds);
        int best = 0;
        double most = -1;
        for (int shift = -30; shift < 9_600; shift++) {
            // Every seventh sample is enough to find the place.
            double found = correlation(fine, back, shift, 21);
            if (found > most) {
                most = found;
                best = shift;
            }
        }
        return correlation(fine, back, best, 3);
    }

    private static double correlation(float[] fine, float[] back, int shift, int step) {
        double ab = 0;
        double aa = 0;
        double bb = 0;
        // The first place where both grids meet; a multiple of three stays on both.
        int first = Math.max(0, -shift);
        first += Math.floorMod(-(first + shift), 3);
        for (int i = first; i < fine.length && (i + shift) / 3 < back.length; i += step) {
            float a = fine[i];
            float b = back[(i + shift) / 3];
            ab += a * b;
            aa += a * a;
            bb += b * b;
        }
        return ab / Math.sqrt(aa * bb + 1e-20);
    }
}
