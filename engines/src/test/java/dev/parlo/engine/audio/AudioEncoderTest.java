package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.parlo.engine.EngineException.Category;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Audio out: what was given is what comes back, at once, whole, and without a trace in memory. */
@Tag("locale")
class AudioEncoderTest {
    @TempDir Path folder;
    private final AudioEncoders encoders = new AudioEncoders(1);
    private final AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited());

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(encoders.openEncoders()).isZero();
        assertThat(decoder.openReaders()).isZero();
        encoders.close();
        decoder.close();
    }

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

    /**
     * The edit list of an M4A file tells players to leave out what the codec prepends. Some do not
     * read it: for them too the file is as long as the samples, at the rate that is the usual one.
     */
    @ParameterizedTest
    @CsvSource({"24000,0.05", "24000,1", "24000,12.375", "22050,2.345", "16000,0.5"})
    void everyFrameOfM4aTogetherIsAsLongAsTheSamples(int rate, double seconds) throws IOException {
        int written = AudioFormat.M4A.usualRate(rate);
        float[] samples = sweep(rate, seconds);
        byte[] bytes = encode(AudioFormat.M4A, rate, written, samples, 6_000, -1);
        int frames = 0;
        // a run of frames: size, "trun", version and flags, how many
        for (int at = 4; at + 12 <= bytes.length; at++) {
            if (new String(bytes, at, 4, StandardCharsets.ISO_8859_1).equals("trun")) {
                frames += ByteBuffer.wrap(bytes, at + 8, 4).getInt();
            }
        }
        assertThat(frames * 1024.0 / written).isCloseTo(seconds, within(0.05));
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
    void soundLeavesWithTheFirstChunk(AudioFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AudioEncoder encoder = encoders.open(format, 24_000, 24_000, out)) {
            float[] chunk = sweep(24_000, 0.5);
            encoder.write(chunk, chunk.length);
            // What has left by now must already play for most of the chunk.
            float[] soFar = decode(format, 24_000, out.toByteArray());
            assertThat(soFar.length / 16_000.0).isGreaterThan(0.25);
            int before = out.size();
            encoder.write(chunk, chunk.length);
            assertThat(out.size()).isGreaterThan(before);
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

    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void aStreamOfNoSamplesCanBeFinished(AudioFormat format) throws IOException {
        assertThat(encode(format, 24_000, 24_000, new float[0], 100, -1).length).isLessThan(2_000);
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

    @ParameterizedTest
    @CsvSource({
        "WAV,24000,24000",
        "WAV,22050,48000",
        "WAV_MULAW,24000,8000",
        "WAV_ALAW,16000,11025"
    })
    void aKnownLengthIsInTheHeader(AudioFormat format, int inputRate, int outputRate)
            throws IOException {
        float[] samples = sweep(inputRate, 0.4571);
        byte[] bytes = encode(format, inputRate, outputRate, samples, 999, samples.length);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = format == AudioFormat.WAV ? 44 : 58;
        int dataBytes = header.getInt(headerBytes - 4);
        assertThat(header.getInt(4)).isEqualTo(bytes.length - 8);
        assertThat(bytes.length).isEqualTo(headerBytes + dataBytes + dataBytes % 2);
        int sampleBytes = format == AudioFormat.WAV ? 2 : 1;
        assertThat(dataBytes / sampleBytes)
                .isEqualTo((int) Math.round((double) samples.length * outputRate / inputRate));
    }

    @Test
    void anUnknownLengthIsSaidToBeUnknown() throws IOException {
        byte[] bytes = encode(AudioFormat.WAV, 24_000, 24_000, new float[100], 100, -1);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getInt(4)).isEqualTo(-1);
        assertThat(header.getInt(40)).isEqualTo(-1);
        assertThat(bytes).hasSize(244);
        byte[] coded = encode(AudioFormat.WAV_MULAW, 24_000, 24_000, new float[100], 100, -1);
        ByteBuffer fact = ByteBuffer.wrap(coded).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(fact.getInt(46)).as("no number of samples that players would show").isZero();
        assertThat(fact.getInt(54)).isEqualTo(-1);
    }

    @Test
    void theContainersAreWhatTheirTypesSay() throws IOException {
        assertThat(head(AudioFormat.OPUS)).startsWith("OggS").contains("OpusHead");
        assertThat(head(AudioFormat.FLAC)).startsWith("fLaC");
        assertThat(head(AudioFormat.WAV)).startsWith("RIFF").contains("WAVEfmt ");
        assertThat(head(AudioFormat.M4A)).contains("ftyp");
        assertThat(head(AudioFormat.WEBM)).contains("webm");
        assertThat(head(AudioFormat.MP3).charAt(0)).isEqualTo((char) 0xff);
        assertThat(head(AudioFormat.AAC).charAt(0)).isEqualTo((char) 0xff);
        assertThat(AudioFormat.of("OPUS").orElseThrow().mimeType()).isEqualTo("audio/opus");
        assertThat(AudioFormat.of("mp3").orElseThrow().mimeType()).isEqualTo("audio/mpeg");
        assertThat(AudioFormat.of("midi")).isEmpty();
    }

    private String head(AudioFormat format) throws IOException {
        byte[] bytes = encode(format, 24_000, 24_000, new float[5_000], 5_000, -1);
        return new String(Arrays.copyOf(bytes, 100), java.nio.charset.StandardCharsets.ISO_8859_1);
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

    @ParameterizedTest
    @CsvSource({
        // 44.1 kHz: no header, whole frames; so bytes tell the rate, to within a frame or two
        "MP3,44100,32000",
        "MP3,44100,192000",
        "MP3,22050,32000",
        "AAC,44100,96000",
        "OPUS,48000,32000",
        "WEBM,48000,96000"
    })
    void theBitRateIsTheOneAskedFor(AudioFormat format, int rate, int bitRate) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioTarget target = new AudioTarget(format, rate, OptionalInt.of(bitRate));
        float[] samples = sweep(24_000, 4);
        try (AudioEncoder encoder = encoders.open(target, 24_000, out)) {
            encoder.write(samples, samples.length);
            encoder.finish();
        }
        // libopus and aac vary around it
        double tolerance = format == AudioFormat.MP3 ? 0.03 : 0.5;
        assertThat(out.size() * 8 / 4.0).isCloseTo(bitRate, withinPercentage(100 * tolerance));
    }

    @Test
    void theHighestBitRateIsTakenByEveryCodec() throws IOException {
        for (AudioFormat format : AudioFormat.values()) {
            for (int bitRate :
                    new int[] {AudioTarget.LOWEST_BIT_RATE, AudioTarget.HIGHEST_BIT_RATE}) {
                for (int rate : new int[] {8_000, 22_050, 48_000}) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    AudioTarget target = new AudioTarget(format, rate, OptionalInt.of(bitRate));
                    try (AudioEncoder encoder = encoders.open(target, 24_000, out)) {
                        encoder.write(new float[24_000], 24_000);
                        encoder.finish();
                    }
                    assertThat(out.size()).as("%s", target).isGreaterThan(50);
                }
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AudioTarget(AudioFormat.MP3, 24_000, OptionalInt.of(320_001)))
                .withMessageContaining("320001");
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

    private byte[] encode(
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
    private float[] decode(AudioFormat format, int rate, byte[] bytes) throws IOException {
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

    /** 100 to 3000 Hz, at half of full scale. */
    private static float[] sweep(int rate, double seconds) {
        float[] samples = new float[(int) (rate * seconds)];
        for (int i = 0; i < samples.length; i++) {
            double t = (double) i / rate;
            samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * (100 + 1_450 * t / seconds) * t));
        }
        return samples;
    }
}
