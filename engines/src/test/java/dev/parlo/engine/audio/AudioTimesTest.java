package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That what is heard keeps its place in time, and that nothing is lost without a word. */
class AudioTimesTest {
    private static final String TONE = "-f lavfi -i aevalsrc=0.4*sin(2*PI*300*t):s=48000:d=";
    private static final String PICTURES = "-f lavfi -i testsrc=d=5:s=64x64:r=10 ";

    @TempDir Path folder;
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 26, 60));
    private final AudioDecoder closing =
            new AudioDecoder(1, new AudioLimits(1 << 26, 60), AudioGaps.CLOSE);

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(decoder.openReaders()).isZero();
        decoder.close();
        closing.close();
    }

    @ParameterizedTest
    @CsvSource({
        "mp4,-c:v mpeg4 -c:a aac",
        "mov,-c:v mpeg4 -c:a pcm_s16be",
        "matroska,-c:v mpeg4 -c:a libmp3lame",
        "matroska,-c:v libopenh264 -c:a aac",
        "webm,-c:v vp8 -c:a libopus",
        "mpegts,-c:v mpeg4 -c:a aac",
        "flv,-c:v flv -c:a aac",
        "asf,-c:v mpeg4 -c:a aac"
    })
    void anAudioTrackThatStartsLateHasItsTimes(String container, String codecs) throws Exception {
        Path video =
                make(PICTURES + "-itsoffset 3 " + TONE + "2 " + codecs + " -r 25 -f " + container);
        AudioSource source = decoder.open(video);
        float[] kept = Samples.all(source);
        assertThat(onset(kept)).isCloseTo(0, within(0.06));
        assertThat(source.times().start(onset(kept))).isCloseTo(3.0, within(0.06));
        assertThat(duration(source, kept)).isCloseTo(5.0, within(0.06));
        assertThat(onset(Samples.all(closing.open(video)))).isCloseTo(0, within(0.06));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c:a aac -f ipod", "-c:a libopus -f webm", "-c:a aac -f mpegts"})
    void theStartOfAFileWithoutPicturesIsThatOfItsAudio(String codec) throws Exception {
        AudioSource audio = decoder.open(make("-itsoffset 3 " + TONE + "2 " + codec));
        assertThat(onset(Samples.all(audio))).isCloseTo(0, within(0.06));
        assertThat(audio.times()).isEqualTo(TimeMap.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "matroska,pcm_s16le",
        "matroska,aac",
        "mp4,aac",
        "webm,libopus",
        "mpegts,aac",
        "flv,aac",
        "asf,wmav2"
    })
    void aGapInTheTimestampsIsAPauseAndMovesWhatFollows(String container, String codec)
            throws Exception {
        Path whole = make(TONE + "4 -c:a " + codec + " -f " + container);
        Path gap =
                make(
                        "-i "
                                + whole
                                + " -c copy -bsf:a setts=ts=PTS+gte(N\\,30)*6/TB -f "
                                + container);
        double plain = Samples.all(closing.open(gap)).length / 16_000.0;
        assertThat(plain).isCloseTo(4.0, within(0.1));
        AudioSource source = decoder.open(gap);
        float[] kept = Samples.all(source);
        assertThat(kept.length / 16_000.0).isCloseTo(plain + 0.5, within(0.05));
        assertThat(longestSilence(kept)).isCloseTo(0.5, within(0.06));
        assertThat(duration(source, kept)).isCloseTo(plain + 6, within(0.11));
        float[] program =
                FfmpegProgram.decode(gap, folder, "", "-af aresample=async=1:first_pts=0");
        assertThat(duration(source, kept)).isCloseTo(program.length / 16_000.0, within(0.1));
    }

    @Test
    void aVideoWhoseAudioStartsLateHasItsWordsThere() throws Exception {
        AudioSource source = decoder.open(resource("audio_starts_4s_late.mp4"));
        float[] kept = Samples.all(source);
        assertThat(kept.length / 16_000.0).isCloseTo(3.71, within(0.05));
        assertThat(duration(source, kept)).isCloseTo(3.94 + 3.71, within(0.05));
        assertThat(source.times().start(0)).isCloseTo(3.936, within(0.001));
    }

    @Test
    void pausesThatAPhoneDoesNotSendAreThere() throws Exception {
        AudioSource source = decoder.open(resource("amr_dtx.amr"));
        float[] kept = Samples.all(source);
        assertThat(duration(source, kept)).isCloseTo(12.05, within(0.05));
        assertThat(kept.length / 16_000.0).isBetween(6.0, 9.0);
        assertThat(Samples.all(closing.open(resource("amr_dtx.amr"))).length / 16_000.0)
                .isCloseTo(12.05, within(0.05));
    }

    @ParameterizedTest
    @CsvSource({
        "-c:a flac -f matroska",
        "-c:a aac -f mp4",
        "-c:a libopus -f webm",
        "-c:a alac -f caf"
    })
    void packetsThatADecoderRefusesKeepTheirPlaceInTime(String codec) throws Exception {
        // Noise, so that its packets are large and all alike.
        Path whole = make("-f lavfi -i anoisesrc=d=6:r=48000:a=0.3:seed=1 " + codec);
        byte[] bytes = Files.readAllBytes(whole);
        int from = bytes.length * 4 / 10;
        Arrays.fill(bytes, from, bytes.length * 6 / 10, (byte) 0xff);
        Path damaged = Files.write(folder.resolve("damaged"), bytes);
        double before = Samples.all(decoder.open(whole)).length / 16_000.0;
        AudioSource source = decoder.open(damaged);
        assertThat(duration(source, Samples.all(source))).isCloseTo(before, within(0.25));
        assertThat(source.times().gaps()).isNotEmpty();
    }

    @Test
    void aChainedOggGoesOnWithAnotherNumberOfChannels() throws Exception {
        AudioSource source = decoder.open(resource("chain_mono_stereo.opus"));
        assertThat(Samples.all(source).length / 16_000.0).isCloseTo(6.04, within(0.03));
        assertThat(source.truncation()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c:a libopus", "-c:a flac"})
    void everyLinkOfAChainIsHeardWhateverItsChannels(String codec) throws Exception {
        Path mono = make(TONE + "0.6 -ac 1 " + codec + " -f ogg");
        Path stereo = make(TONE + "0.6 -ac 2 " + codec + " -f ogg");
        Path slow = make(TONE + "0.6 -ac 1 -ar 24000 " + codec + " -f ogg");
        Path chain = folder.resolve("chain");
        Files.write(chain, new byte[0]);
        for (Path link : new Path[] {mono, mono, stereo, slow, stereo, stereo, mono}) {
            Files.write(chain, Files.readAllBytes(link), java.nio.file.StandardOpenOption.APPEND);
        }
        AudioSource source = decoder.open(chain);
        assertThat(Samples.all(source).length / 16_000.0).isCloseTo(7 * 0.6, within(0.1));
        assertThat(source.truncation()).isEmpty();
    }

    @Test
    void aLinkThatCannotBeReadIsToldAndTheOthersAreHeard() throws Exception {
        Path mono = make(TONE + "1 -ac 1 -c:a libopus -f ogg");
        Path stereo = make(TONE + "1 -ac 2 -c:a libopus -f ogg");
        byte[] unknown = Files.readAllBytes(stereo);
        System.arraycopy("NoCodec!".getBytes("US-ASCII"), 0, unknown, 28, 8);
        // A page whose checksum is wrong is passed over as if it were not there.
        int sum = 0;
        Arrays.fill(unknown, 22, 26, (byte) 0);
        for (int i = 0; i < 27 + 1 + 19; i++) {
            sum ^= (unknown[i] & 0xff) << 24;
            for (int bit = 0; bit < 8; bit++) {
                sum = sum < 0 ? sum << 1 ^ 0x04c11db7 : sum << 1;
            }
        }
        ByteBuffer.wrap(unknown).order(ByteOrder.LITTLE_ENDIAN).putInt(22, sum);
        Path chain = folder.resolve("chain");
        Files.write(chain, Files.readAllBytes(mono));
        for (byte[] link : new byte[][] {unknown, Files.readAllBytes(stereo)}) {
            Files.write(chain, link, java.nio.file.StandardOpenOption.APPEND);
        }
        AudioSource source = decoder.open(chain);
        assertThat(Samples.all(source).length / 16_000.0).isCloseTo(2.0, within(0.05));
        assertThat(source.truncation().orElseThrow()).contains("chained parts");
    }

    private Path make(String arguments) throws IOException, InterruptedException {
        return FfmpegProgram.make(arguments, Files.createTempFile(folder, "made", ""));
    }

    private Path resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
            return Files.write(folder.resolve(name), in.readAllBytes());
        }
    }

    private static double duration(AudioSource source, float[] samples) {
        return source.times().duration(samples.length / 16_000.0);
    }

    /** Seconds until it is loud. */
    private static double onset(float[] samples) {
        for (int i = 0; i < samples.length; i++) {
            if (Math.abs(samples[i]) > 0.05) {
                return i / 16_000.0;
            }
        }
        return Double.NaN;
    }

    private static double longestSilence(float[] samples) {
        int longest = 0;
        int length = 0;
        for (float sample : samples) {
            length = Math.abs(sample) < 0.02 ? length + 1 : 0;
            longest = Math.max(longest, length);
        }
        return longest / 16_000.0;
    }
}
