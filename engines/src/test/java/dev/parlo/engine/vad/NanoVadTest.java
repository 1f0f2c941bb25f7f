package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.SharedFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NanoVadTest {
    private static final int WINDOW = VoiceActivityDetector.WINDOW;
    private static final String SILERO = "models/silero-vad/silero_vad.onnx";

    private final NanoVad vad = new NanoVad();
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1L << 26, 600));

    @AfterEach
    void close() {
        decoder.close();
        vad.close();
    }

    /** Values of training/vad on the same signal: a glide with harmonics and pauses. */
    @Test
    void probabilitiesAreThoseOfTheTrainingRecipe() {
        float[] samples = new float[3 * 16_000];
        double phase = 0;
        for (int i = 0; i < samples.length; i++) {
            double t = i / 16_000.0;
            phase += 2 * Math.PI * (120 + 40 * Math.sin(2 * Math.PI * 1.3 * t)) / 16_000;
            double sum = 0;
            for (int k = 1; k < 20; k++) {
                sum += Math.sin(k * phase) / k;
            }
            boolean voiced = Math.sin(2 * Math.PI * 1.1 * t) > -0.3;
            samples[i] = voiced ? (int) (0.1 * sum * 32_767) / 32_768f : 0;
        }
        float[] probabilities = probabilities(vad, samples);
        float[] expected = {
            0.1037f, 0.0078f, 0.0203f, 0.2532f, 0.0391f, 0.0572f, 0.0051f, 0.0210f, 0.2675f,
            0.0014f, 0.0077f
        };
        for (int i = 0; i < expected.length; i++) {
            assertThat(probabilities[9 * i])
                    .as("window %s", 9 * i)
                    .isCloseTo(expected[i], within(0.01f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 440, 1000, 2500})
    void aToneIsToldFromAVoice(int hertz) {
        assertThat(spoken(t -> 0.3 * Math.sin(2 * Math.PI * hertz * t))).isZero();
    }

    @Test
    void silenceAndNoiseAreNoSpeechWhateverTheirLevel() {
        Random random = new Random(3);
        assertThat(spoken(t -> 0)).isZero();
        for (double level : new double[] {0.001, 0.01, 0.1, 0.5}) {
            assertThat(spoken(t -> level * random.nextGaussian()))
                    .as("noise at %s", level)
                    .isZero();
        }
    }

    @Test
    void musicIsNoSpeechWhateverItsLevel() {
        Random random = new Random(8);
        for (double level : new double[] {0.9, 0.3, 0.05}) {
            assertThat(spoken(t -> level * chord(t))).as("chords at %s", level).isZero();
            assertThat(spoken(t -> level * drum(t, random))).as("drums at %s", level).isLessThan(3);
            assertThat(spoken(t -> level * Math.sin(2 * Math.PI * t * (50 + 300 * t))))
                    .as("a sweep at %s", level)
                    .isZero();
        }
    }

    /** A chord a second, each of three notes with harmonics that die away. */
    private static double chord(double t) {
        double root = new double[] {220, 262, 196, 175}[(int) t % 4];
        double since = t % 1;
        double sum = 0;
        for (double step : new double[] {1, 1.26, 1.5}) {
            for (int k = 1; k < 6; k++) {
                sum += Math.sin(2 * Math.PI * root * step * k * since) / Math.pow(k, 1.5);
            }
        }
        return sum * Math.exp(-2 * since) / 5;
    }

    /** A low blow and a burst of noise in turn, two a second. */
    private static double drum(double t, Random random) {
        double since = t % 0.5;
        return since < 0.25
                ? Math.exp(-15 * since) * Math.sin(2 * Math.PI * since * 90)
                : 0.4 * Math.exp(-30 * (since - 0.25)) * random.nextGaussian();
    }

    /** Windows above one half, of ten seconds. */
    private int spoken(DoubleUnaryOperator signal) {
        float[] samples = new float[10 * 16_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) Math.clamp(signal.applyAsDouble(i / 16_000.0), -1, 1);
        }
        int spoken = 0;
        for (float probability : probabilities(vad, samples)) {
            spoken += probability >= 0.5 ? 1 : 0;
        }
        return spoken;
    }

    /** The figure stands in docs/vad.md: F1 of windows against Silero v5 at 0.5. */
    @Test
    void agreesWithSileroOnRealRecordings() {
        int both = 0;
        int either = 0;
        try (SileroVad silero = SileroVad.open(SharedFiles.find(SILERO))) {
            for (String name :
                    List.of(
                            "audio/jfk.flac",
                            "audio/hello-world.wav",
                            "audio/silero-test.wav",
                            "audio/hotwords.mp3",
                            "audio/multilingual.mp3",
                            "golden/audio/long00.flac",
                            "golden/audio/noise.flac",
                            "golden/audio/silence.flac")) {
                float[] samples = samples(SharedFiles.find(name));
                float[] ours = probabilities(vad, samples);
                float[] theirs = probabilities(silero, samples);
                for (int i = 0; i < ours.length; i++) {
                    both += 2 * (ours[i] >= 0.5 && theirs[i] >= 0.5 ? 1 : 0);
                    either += (ours[i] >= 0.5 ? 1 : 0) + (theirs[i] >= 0.5 ? 1 : 0);
                }
            }
        }
        assertThat((double) both / either).isBetween(0.96, 1.0);
    }

    @Test
    void findsThePausesOfARecordingAsSileroDoes() {
        AudioSource audio = decoder.open(SharedFiles.find("audio/hello-world.wav"));
        List<SpeechSpan> spans =
                new SpeechScan(vad).spans(audio, VadOptions.TIMESTAMPS, new Cancellation());
        assertThat(spans).hasSize(1);
        assertThat(spans.getFirst().start() / 16).isBetween(0L, 164L);
        assertThat(spans.getFirst().end() / 16).isBetween(1223L, 1323L);
    }

    private static float[] probabilities(VoiceActivityDetector detector, float[] samples) {
        try (VoiceActivityDetector.Pass pass = detector.open()) {
            return pass.probabilities(samples, samples.length / WINDOW);
        }
    }

    private float[] samples(Path file) {
        List<float[]> blocks = new ArrayList<>();
        int length = 0;
        try (AudioSource.Reader reader = decoder.open(file).open()) {
            float[] block = new float[1 << 16];
            for (int read = reader.read(block); read >= 0; read = reader.read(block)) {
                blocks.add(Arrays.copyOf(block, read));
                length += read;
            }
        }
        float[] samples = new float[length];
        int at = 0;
        for (float[] block : blocks) {
            System.arraycopy(block, 0, samples, at, block.length);
            at += block.length;
        }
        return samples;
    }
}
