package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.SharedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The published networks on published recordings; both lie beside the checkout or are skipped. */
class SileroVadTest {
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1L << 26, 600));

    @AfterEach
    void close() {
        decoder.close();
    }

    /** The documented answers of Speaches for this recording. */
    @Test
    void timestampsAreThoseThatSpeachesDocuments() {
        assertThat(milliseconds("silero_vad.onnx", VadOptions.TIMESTAMPS))
                .containsExactly("64-1323");
        VadOptions t = VadOptions.TIMESTAMPS;
        VadOptions cut = new VadOptions(t.threshold(), null, 0, 0.2, 1000, 0);
        assertThat(milliseconds("silero_vad.onnx", cut))
                .containsExactly("64-256", "288-480", "512-704", "800-992", "1024-1216");
        VadOptions strict = new VadOptions(0.99, null, 0, 0.2, 1000, 0);
        assertThat(milliseconds("silero_vad.onnx", strict))
                .containsExactly("96-288", "320-512", "544-736", "832-1024", "1056-1248");
    }

    private List<String> milliseconds(String model, VadOptions options) {
        try (SileroVad vad = SileroVad.open(SharedFiles.find("models/silero-vad/" + model))) {
            return new SpeechScan(vad)
                    .spans(audio("hello-world.wav"), options, new Cancellation()).stream()
                            .map(span -> span.start() / 16 + "-" + span.end() / 16)
                            .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "silero_vad.onnx",
                "silero_vad_16k_op15.onnx",
                "faster_whisper_silero_vad_v6.onnx"
            })
    void windowByWindowAndAllAtOnceAreTheSame(String model) {
        float[] samples = samples("jfk.flac", 150 * VoiceActivityDetector.WINDOW);
        try (SileroVad vad = SileroVad.open(SharedFiles.find("models/silero-vad/" + model));
                VoiceActivityDetector.Pass whole = vad.open();
                VoiceActivityDetector.Pass stepwise = vad.open()) {
            float[] atOnce = whole.probabilities(samples, 150);
            for (int i = 0; i < 150; i++) {
                float[] window = Arrays.copyOfRange(samples, i * 512, (i + 1) * 512);
                assertThat(stepwise.probabilities(window, 1)[0])
                        .as("window %s", i)
                        .isCloseTo(atOnce[i], within(1e-5f));
            }
            float[] sorted = atOnce.clone();
            Arrays.sort(sorted);
            assertThat(sorted[0]).isLessThan(0.1f);
            assertThat(sorted[149]).isGreaterThan(0.8f);
        }
    }

    @Test
    void anotherFileIsRefused(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("vad.onnx"), "not a network");
        assertThatThrownBy(() -> SileroVad.open(text))
                .isInstanceOf(EngineException.class)
                .hasMessageStartingWith("The voice activity model vad.onnx cannot be used")
                .hasMessageNotContaining(folder.toString());
        Path empty = Files.createFile(folder.resolve("empty.onnx"));
        assertThatThrownBy(() -> SileroVad.open(empty))
                .hasMessage(
                        "The voice activity model empty.onnx cannot be used: it holds no ONNX"
                                + " graph.");
        assertThatThrownBy(() -> SileroVad.open(folder.resolve("none.onnx")))
                .hasMessageContaining("none.onnx cannot be used")
                .hasMessageNotContaining(folder.toString());
        Path other = SharedFiles.find("models/piper-shaped/piper-shaped.onnx");
        assertThatThrownBy(() -> SileroVad.open(other)).isInstanceOf(EngineException.class);
    }

    @Test
    void damagedFilesAreUsedOrRefusedByName(@TempDir Path folder) throws Exception {
        byte[] whole = Files.readAllBytes(SharedFiles.find("models/silero-vad/silero_vad.onnx"));
        Random random = new Random(1);
        for (int round = 0; round < 40; round++) {
            byte[] damaged = round % 4 == 0 ? Arrays.copyOf(whole, round * 20_000) : whole.clone();
            for (int i = random.nextInt(6); i >= 0 && damaged.length > 0; i--) {
                // The graph lies before the weights for the most part, and is damaged more often.
                int room = random.nextBoolean() ? Math.min(damaged.length, 40_000) : damaged.length;
                damaged[random.nextInt(room)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("damaged.onnx"), damaged);
            try (SileroVad vad = SileroVad.open(file);
                    VoiceActivityDetector.Pass pass = vad.open()) {
                assertThat(pass.probabilities(new float[1024], 2)).hasSize(2);
            } catch (EngineException refused) {
                assertThat(refused.category()).isEqualTo(EngineException.Category.BAD_MODEL);
                assertThat(refused).hasMessageNotContaining(folder.toString());
            }
        }
    }

    private float[] samples(String name, int count) {
        float[] samples = new float[count];
        try (AudioSource.Reader reader = audio(name).open()) {
            float[] block = new float[4096];
            int filled = 0;
            while (filled < count) {
                int read = reader.read(block);
                assertThat(read).as("samples of " + name).isPositive();
                int part = Math.min(read, count - filled);
                System.arraycopy(block, 0, samples, filled, part);
                filled += part;
            }
        }
        return samples;
    }

    private AudioSource audio(String name) {
        return decoder.open(SharedFiles.find("audio/" + name));
    }
}
