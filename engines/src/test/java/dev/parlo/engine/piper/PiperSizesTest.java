package dev.parlo.engine.piper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.SizedOutputs;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.text.Lexicon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A number in a model's file is never used as a size before it was found to be one. */
final class PiperSizesTest {
    @TempDir static Path cache;
    @TempDir Path folder;

    private void speak() {
        try (EspeakNg espeak =
                        new EspeakNg(
                                new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
                PiperEngine engine =
                        new PiperEngine(
                                folder,
                                espeak,
                                Lexicon.EMPTY,
                                new SpeechSettings(1, new Admission(1, 4)))) {
            var unused = engine.speak("a", SpeechOptions.of("x"), chunk -> {}, new Cancellation());
        }
    }

    private void isBroken(String file, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(file)
                .message()
                .doesNotContain(folder.toString(), "java.", "Node");
        assertThatThrownBy(work)
                .extracting(failure -> ((EngineException) failure).category())
                .isEqualTo(Category.BAD_MODEL);
    }

    private Path model() {
        return folder.resolve("model.onnx");
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }

    @Test
    void anOutputOfAHundredMillionNumbersIsRefusedBeforeItIsMade() throws IOException {
        config(SizedOutputs.config());
        SizedOutputs.constant(model(), 200_000_000);
        isBroken("model.onnx", this::speak);
        SizedOutputs.constant(model(), Long.MAX_VALUE);
        isBroken("model.onnx", this::speak);
    }

    @Test
    void anOutputIsCountedBeforeItComesToTheHeap() throws IOException {
        config(SizedOutputs.config());
        SizedOutputs.computed(model(), 17L << 20);
        isBroken("model.onnx", this::speak);
    }

    @Test
    void samplesThatAreNoNumbersAreNoAudio() throws IOException {
        config(SizedOutputs.config());
        for (float numerator : new float[] {0, 1, -1}) {
            SizedOutputs.quotient(model(), numerator);
            isBroken("model.onnx", this::speak);
        }
        SizedOutputs.silent(model());
        isBroken("model.onnx", this::speak);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"num_speakers\":2147483647",
                "\"num_speakers\":1099511627776",
                "\"num_speakers\":-1",
                "\"num_speakers\":\"many\"",
                "\"num_speakers\":1e999",
                "\"default_speaker_id\":7",
                "\"audio\":{\"sample_rate\":2147483647}",
                "\"audio\":{\"sample_rate\":1099511627776}",
                "\"audio\":{}",
                "\"inference\":{\"length_scale\":1e9}",
                "\"inference\":{\"length_scale\":0}",
                "\"inference\":{\"noise_w\":1e999}",
                "\"speaker_id_map\":{\"ann\":2147483647}",
                "\"phoneme_id_map\":{\"_\":[1099511627776],\"^\":[1],\"$\":[2]}",
                "\"phoneme_id_map\":{\"_\":[-1],\"^\":[1],\"$\":[2]}",
                "\"phoneme_id_map\":{\"_\":[1,1,1,1,1,1,1,1,1],\"^\":[1],\"$\":[2]}",
                "\"phoneme_id_map\":{\"_\":[0]}",
                "\"phoneme_map\":{\"a\":[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"]}"
            })
    void aNumberOfTheConfigurationThatIsNoneIsRefused(String field) throws IOException {
        SizedOutputs.quotient(model(), 0);
        String config = SizedOutputs.config();
        // of two fields of one name the last one counts
        config(config.substring(0, config.length() - 1) + "," + field + "}");
        isBroken("config.json", this::speak);
    }

    @Test
    void aConfigurationOfEndlessLengthIsNotRead() throws IOException {
        SizedOutputs.quotient(model(), 0);
        config("[" + " ".repeat(17 << 20) + "]");
        isBroken("config.json", this::speak);
        assertThat(folder.resolve("config.json")).exists();
    }
}
