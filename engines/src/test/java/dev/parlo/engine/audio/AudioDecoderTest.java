package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Audio in: what decodes, what is refused and how, and that nothing stays behind. */
class AudioDecoderTest {
    @TempDir Path folder;
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 26, 60));

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(decoder.openReaders()).isZero();
        decoder.close();
    }

    @Test
    void sixteenKilohertzMonoPassesBitExactly() throws IOException {
        short[] samples = new short[50_000];
        Random random = new Random(1);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) random.nextInt();
        }
        float[] read = Samples.all(decoder.open(file(Wav.pcm16(16_000, 1, samples))));
        assertThat(read).hasSize(samples.length);
        for (int i = 0; i < samples.length; i++) {
            assertThat(read[i]).isEqualTo(samples[i] / 32768f);
        }
    }

    @Test
    void theSameSourceOpensAgainAndAgain() throws IOException {
        AudioSource source = decoder.open(file(Wav.pcm16(44_100, 1, Wav.tone(44_100, 1, 300))));
        float[] first = Samples.all(source);
        try (AudioSource.Reader a = source.open();
                AudioSource.Reader b = source.open()) {
            float[] block = new float[777];
            assertThat(a.read(block)).isEqualTo(777);
            assertThat(b.read(block)).isEqualTo(777);
            assertThat(block).isEqualTo(Arrays.copyOf(first, 777));
        }
        assertThat(Samples.all(source)).isEqualTo(first);
    }

    @Test
    void aFileThatIsGoneBeforeItIsReadIsAFailureOfTheEngineWhateverItsKind() throws IOException {
        Path file = file(Wav.pcm16(16_000, 1, Wav.tone(16_000, 1, 300)));
        List<AudioSource> kinds =
                List.of(
                        decoder.open(file),
                        decoder.open(file, "audio/pcm"),
                        decoder.open(file, "audio/pcm;rate=8000"));
        Files.delete(file);
        assertThat(kinds)
                .allSatisfy(source ->
                        assertThatThrownBy(source::open)
                                .isInstanceOf(EngineException.class)
                                .hasMessageContaining("cannot be read any more"));
    }

    @Test
    void stereoBecomesTheAverage() throws IOException {
        short[] left = {1000, 2000, -3000, 30000};
        short[] right = {3000, 0, -5000, 30000};
        short[] both = new short[8];
        for (int i = 0; i < 4; i++) {
            both[2 * i] = left[i];
            both[2 * i + 1] = right[i];
        }
        assertThat(Samples.all(decoder.open(file(Wav.pcm16(16_000, 2, both)))))
                .containsExactly(2000 / 32768f, 1000 / 32768f, -4000 / 32768f, 30000 / 32768f);
    }

    @ParameterizedTest
    @CsvSource({
        "8000,1",
        "11025,1",
        "22050,2",
        "44100,1",
        "48000,6",
        "96000,2",
        "384000,1",
        "48000,32"
    })
    void anyRateAndChannelCountKeepsLengthAndTone(int rate, int channels) throws IOException {
        short[] mono = Wav.tone(rate, 0.5, 440);
        short[] all = new short[mono.length * channels];
        for (int i = 0; i < all.length; i++) {
            all[i] = mono[i / channels];
        }
        float[] read = Samples.all(decoder.open(file(Wav.pcm16(rate, channels, all))));
        assertThat(read.length).isCloseTo(8000, within(40));
        float[] expected = new float[read.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) Math.sin(2 * Math.PI * 440 * i / 16_000);
        }
        assertThat(Samples.correlation(read, expected, 40)).isGreaterThan(0.99);
    }

    @ParameterizedTest
    @CsvSource({"1,16", "1,24", "1,32", "3,32", "3,64"})
    void aWavOfABigEndianMachineIsHeard(int codec, int bits) throws IOException {
        short[] samples = Wav.tone(16_000, 0.2, 440);
        ByteBuffer data = ByteBuffer.allocate(samples.length * bits / 8);
        for (short sample : samples) {
            switch (codec * 100 + bits) {
                case 116 -> data.putShort(sample);
                case 124 -> data.putShort(sample).put((byte) 0);
                case 132 -> data.putInt(sample << 16);
                case 332 -> data.putFloat(sample / 32768f);
                default -> data.putDouble(sample / 32768.0);
            }
        }
        byte[] head = Wav.file(codec, 16_000, 1, bits, new byte[0]);
        ByteBuffer rifx = ByteBuffer.allocate(head.length + data.capacity());
        rifx.put("RIFX".getBytes(StandardCharsets.US_ASCII)).putInt(36 + data.capacity());
        rifx.put(head, 8, 8).putInt(16).putShort((short) codec).putShort((short) 1);
        rifx.putInt(16_000).putInt(16_000 * bits / 8).putShort((short) (bits / 8));
        rifx.putShort((short) bits).put(head, 36, 4).putInt(data.capacity()).put(data.array());
        float[] read = Samples.all(decoder.open(file(rifx.array())));
        float[] expected = Samples.all(decoder.open(file(Wav.pcm16(16_000, 1, samples))));
        assertThat(read).containsExactly(expected);
    }

    @Test
    void rawPcmIsReadAsItIs() throws IOException {
        byte[] bytes = {0, 0x40, 0, (byte) 0x80, (byte) 0xff, 0x7f, 9};
        Path raw = file(bytes);
        float[] expected = {0.5f, -1f, 32767 / 32768f};
        assertThat(Samples.all(decoder.openPcm(raw, RawAudio.DEFAULT))).containsExactly(expected);
        assertThat(Samples.all(decoder.open(raw, "Audio/PCM; rate=16000; channels=1")))
                .containsExactly(expected);
        assertThat(Samples.all(decoder.open(raw, "audio/raw"))).containsExactly(expected);
    }

    @Test
    void probeMeasuresByReading() throws IOException {
        short[] samples = new short[24_000];
        samples[5] = -16_384;
        Path wav = file(Wav.pcm16(16_000, 1, samples));
        AudioProbe probe = AudioProbe.measure(decoder.open(wav), new Cancellation());
        assertThat(probe).isEqualTo(new AudioProbe(24_000, 0.5f));
        assertThat(probe.durationSeconds()).isEqualTo(1.5);
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        refused(Category.CANCELLED, () -> AudioProbe.measure(decoder.open(wav), cancelled));
    }

    @Test
    void emptyFilesAreBadAudio() throws IOException {
        Path empty = file(new byte[0]);
        refused(Category.BAD_AUDIO, () -> decoder.open(empty).open())
                .startsWith(AudioFailure.EMPTY);
        refused(Category.BAD_AUDIO, () -> decoder.openPcm(empty, RawAudio.DEFAULT).open())
                .startsWith(AudioFailure.EMPTY);
        Path noSamples = file(Wav.pcm16(16_000, 1, new short[0]));
        refused(Category.BAD_AUDIO, () -> decoder.open(noSamples).open())
                .startsWith(AudioFailure.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello, this is not audio.",
                "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile '/etc/hostname'\n",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
                "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>",
                "%PDF-1.7 something"
            })
    void whatIsNotAudioIsUnsupported(String text) throws IOException {
        Path other = file(text.repeat(20).getBytes(StandardCharsets.UTF_8));
        refused(Category.UNSUPPORTED_AUDIO, () -> decoder.open(other).open())
                .startsWith(AudioFailure.UNSUPPORTED);
    }

    @Test
    void randomBytesAreRefusedOrDecodedButNeverHarm() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            byte[] bytes = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(bytes);
            Path other = file(bytes);
            refused(null, () -> Samples.all(decoder.open(other)));
        }
    }

    @Test
    void notANumberIsBadAudio() throws IOException {
        float[] samples = new float[20_000];
        samples[19_000] = Float.NaN;
        Path nan = file(Wav.float32(16_000, 1, samples));
        refused(Category.BAD_AUDIO, () -> Samples.all(decoder.open(nan))).contains("NaN");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 900, 2_000_000})
    void senselessSampleRatesAreRefused(int rate) throws IOException {
        Path odd = file(Wav.pcm16(rate, 1, new short[5000]));
        refused(Category.BAD_AUDIO, () -> decoder.open(odd).open()).contains(rate + " Hz");
    }

    @Test
    void truncatedFilesGiveWhatIsThere() throws IOException {
        byte[] whole = Wav.pcm16(16_000, 1, Wav.tone(16_000, 1, 200));
        Path cut = file(Arrays.copyOf(whole, 44 + 8001));
        assertThat(Samples.all(decoder.open(cut))).hasSize(4000);
        Path headless = file(Arrays.copyOf(whole, 20));
        refused(null, () -> decoder.open(headless).open());
    }

    @Test
    void limitsAreCheckedWhileReading() throws IOException {
        Path wav = file(Wav.pcm16(16_000, 1, new short[16_001]));
        try (AudioDecoder oneSecond = new AudioDecoder(1, new AudioLimits(1 << 20, 1));
                AudioDecoder thousandBytes = new AudioDecoder(1, new AudioLimits(1000, 10))) {
            refused(Category.TOO_LARGE, () -> Samples.all(oneSecond.open(wav)))
                    .contains("limit of 1 seconds");
            refused(Category.TOO_LARGE, () -> Samples.all(oneSecond.openPcm(wav, RawAudio.DEFAULT)))
                    .contains("limit of 1 seconds");
            refused(Category.TOO_LARGE, () -> thousandBytes.open(wav).open())
                    .contains("1000 bytes");
            refused(Category.TOO_LARGE, () -> thousandBytes.openPcm(wav, RawAudio.DEFAULT).open())
                    .contains("1000 bytes");
            assertThat(oneSecond.openReaders()).isZero();
        }
    }

    @Test
    void aHeaderThatClaimsMoreThanThereIsDoesNotDecide() throws IOException {
        byte[] wav = Wav.pcm16(16_000, 1, new short[1600]);
        Arrays.fill(wav, 4, 8, (byte) 0xff);
        Arrays.fill(wav, 40, 44, (byte) 0xff);
        assertThat(Samples.all(decoder.open(file(wav)))).hasSize(1600);
    }

    @Test
    void missingFilesAndDirectoriesAreNamed() {
        refused(Category.BAD_REQUEST, () -> decoder.open(folder.resolve("absent.wav")))
                .contains("absent.wav")
                .contains("does not exist");
        refused(Category.BAD_REQUEST, () -> decoder.open(folder)).contains("directory");
    }

    @Test
    void namesDoNotMatterNorDoTheirCharacters() throws IOException {
        Path named = folder.resolve("a:b %20 'ü?.txt");
        Files.write(named, Wav.pcm16(16_000, 1, new short[100]));
        assertThat(Samples.all(decoder.open(named))).hasSize(100);
    }

    @Test
    void aClosedReaderStopsAndAStoppedDecoderRefuses() throws IOException {
        Path wav = file(Wav.pcm16(16_000, 1, new short[100_000]));
        AudioSource.Reader reader = decoder.open(wav).open();
        float[] block = new float[40_000];
        assertThat(reader.read(block)).isPositive();
        reader.close();
        reader.close();
        refused(
                Category.CANCELLED,
                () -> {
                    while (reader.read(block) >= 0) {
                        // what was decoded before may still come
                    }
                });
        AudioDecoder stopped = new AudioDecoder(1, AudioLimits.unlimited());
        stopped.close();
        refused(Category.CANCELLED, () -> stopped.open(wav).open());
    }

    @Test
    void anInterruptedReaderGivesUp() throws IOException {
        Path wav = file(Wav.pcm16(16_000, 1, new short[100]));
        Thread.currentThread().interrupt();
        refused(Category.CANCELLED, () -> decoder.open(wav).open());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aForgottenReaderIsFreed() throws IOException {
        Path wav = file(Wav.pcm16(16_000, 1, new short[100]));
        forget(wav);
        await().until(() -> {
            System.gc();
            return decoder.openReaders() == 0;
        });
    }

    private void forget(Path wav) {
        assertThat(decoder.open(wav).open()).isNotNull();
        assertThat(decoder.openReaders()).isEqualTo(1);
    }

    @Test
    void manyPassesLeaveNoMemoryBehind() throws IOException {
        Path good = file(Wav.pcm16(44_100, 2, new short[8_820]));
        Path bad = file("no audio here".repeat(100).getBytes(StandardCharsets.UTF_8));
        pass(good, bad, 200);
        // One leaked format context alone would be some 100 kB a pass.
        assertThat(Samples.growthInKilobytes(() -> pass(good, bad, 25), () -> pass(good, bad, 600)))
                .isLessThan(40_000);
    }

    private void pass(Path good, Path bad, int times) {
        for (int i = 0; i < times; i++) {
            Samples.all(decoder.open(good));
            assertThatThrownBy(() -> decoder.open(bad).open()).isInstanceOf(EngineException.class);
        }
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(folder, "input", ""), content);
    }

    /** Expects an EngineException, of the category unless that is null; yields its message. */
    private static org.assertj.core.api.AbstractStringAssert<?> refused(
            @org.jspecify.annotations.Nullable Category category,
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return Samples.refused(category, call);
    }
}
