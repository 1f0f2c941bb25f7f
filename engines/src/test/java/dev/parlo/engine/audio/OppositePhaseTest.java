package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stereo whose channels cancel each other. */
class OppositePhaseTest {
    private static final String TONE = "0.4*sin(2*PI*300*t)";

    @TempDir Path folder;
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 26, 60));

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(decoder.openReaders()).isZero();
        decoder.close();
    }

    private Path stereo(String left, String right, String codec) throws Exception {
        return FfmpegProgram.make(
                "-f lavfi -i aevalsrc="
                        + left.replace(",", "\\,")
                        + "|"
                        + right.replace(",", "\\,")
                        + ":s=48000:d=1 "
                        + codec,
                Files.createTempFile(folder, "stereo", ""));
    }

    /** Root mean square; that of the tone is 0.283. */
    private static double power(float[] samples, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += samples[i] * samples[i];
        }
        return Math.sqrt(sum / (to - from));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c:a pcm_s16le -f wav",
                "-c:a pcm_u8 -f wav",
                "-c:a pcm_s24le -f wav",
                "-c:a pcm_f32le -f wav",
                "-c:a pcm_f64le -f wav",
                "-c:a flac -f flac",
                "-c:a libmp3lame -f mp3",
                "-c:a aac -f adts",
                "-c:a libopus -f ogg",
                "-c:a libmp3lame -joint_stereo 0 -f matroska"
            })
    void aChannelThatIsTheOtherUpsideDownIsHeard(String codec) throws Exception {
        float[] read = Samples.all(decoder.open(stereo(TONE, "-" + TONE, codec)));
        assertThat(power(read, 2_000, 14_000)).isCloseTo(0.283, within(0.03));
        float[] weaker = Samples.all(decoder.open(stereo(TONE, "-0.8*" + TONE, codec)));
        assertThat(power(weaker, 2_000, 14_000)).isCloseTo(0.9 * 0.283, within(0.03));
    }

    @Test
    void itIsHeardFromTheMomentOnAtWhichItBegins() throws Exception {
        String right = TONE + "*(1-2*gte(t,0.5))";
        float[] read = Samples.all(decoder.open(stereo(TONE, right, "-c:a pcm_s16le -f wav")));
        assertThat(power(read, 1_000, 7_800)).isCloseTo(0.283, within(0.01));
        assertThat(power(read, 12_000, 15_900)).isCloseTo(0.283, within(0.01));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.4*sin(2*PI*300*t)",
                "0*t",
                "0.3*sin(2*PI*470*t)",
                "-0.4*sin(2*PI*300*t+1.2)"
            })
    void otherStereoIsMixedAsTheProgramMixesIt(String right) throws Exception {
        Path file = stereo(TONE, right, "-c:a pcm_s16le -f wav");
        assertThat(Samples.all(decoder.open(file))).isEqualTo(FfmpegProgram.decode(file, folder));
    }

    @Test
    void aChannelByItselfIsAsItIs() throws Exception {
        Path file = stereo(TONE, "-" + TONE, "-c:a pcm_s16le -f wav");
        float[] left = Samples.all(decoder.channels(file, null).get(0));
        float[] right = Samples.all(decoder.channels(file, null).get(1));
        for (int i = 0; i < left.length; i++) {
            assertThat(right[i]).isCloseTo(-left[i], within(1e-3f));
        }
    }
}
