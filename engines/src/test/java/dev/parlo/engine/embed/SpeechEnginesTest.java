package dev.parlo.engine.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.TextToSpeech;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program that embeds the engines is told when something is wrong. */
final class SpeechEnginesTest {
    @TempDir static Path cache;
    @TempDir Path folder;

    private static SpeechEngines engines() {
        return SpeechEngines.builder().cache(cache).temporary(cache).threads(1).open();
    }

    @Test
    void aFolderWithoutAModelIsRefusedWithWhatIsAccepted() {
        try (SpeechEngines engines = engines()) {
            assertThatThrownBy(() -> engines.speechToText(folder))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("model.bin")
                    .hasMessageContaining("model.safetensors")
                    .hasMessageContaining("ggml-*.bin");
            assertThatThrownBy(() -> engines.textToSpeech(folder))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("voices.bin")
                    .hasMessageContaining(".onnx.json");
            assertThatThrownBy(() -> engines.speechToText(folder.resolve("nothing")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("cannot be read");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "voices/af.bin,true",
        "voices.bin,true",
        "voices-v1.0.bin,true",
        "af.npz,true",
        "en.onnx.json,false",
        "config.json,false"
    })
    void kokoroAndPiperAreToldApartByTheirFiles(String file, boolean kokoro) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.createFile(path);
        Files.createFile(folder.resolve("model.onnx"));
        assertThat(ModelFiles.isKokoro(folder)).isEqualTo(kokoro);
    }

    @Test
    void aFileThatCannotBeSpokenLeavesWhatWasThereAndNothingBeside() throws IOException {
        Path file = folder.resolve("kept.wav");
        Files.writeString(file, "before");
        try (SpeechEngines engines = engines();
                TextToSpeech voice = engines.espeak()) {
            SpeechOptions english = SpeechOptions.of("en-us");
            assertThatThrownBy(() -> engines.speak(voice, "...", english, file))
                    .isInstanceOf(EngineException.class);
            assertThatThrownBy(() -> engines.speak(voice, "Hi.", english, folder.resolve("a.doc")))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("a.doc")
                    .hasMessageContaining("wav");
            assertThatThrownBy(
                            () -> engines.speak(voice, "Hi.", english, folder.resolve("no/a.wav")))
                    .isInstanceOf(IOException.class);
        }
        assertThat(file).hasContent("before");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> SpeechEngines.builder().threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threads is 0");
        assertThatThrownBy(() -> SpeechEngines.builder().parallel(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parallel is -1");
    }
}
