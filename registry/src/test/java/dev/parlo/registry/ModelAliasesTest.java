package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class ModelAliasesTest {
    @TempDir Path folder;
    private Path file;
    private long edits;

    @BeforeEach
    void file() {
        file = folder.resolve("model_aliases.json");
    }

    @ParameterizedTest
    @CsvSource({
        "whisper-1, Systran/faster-whisper-large-v3",
        "gpt-transcribe, Systran/faster-whisper-large-v3",
        "gpt-4o-mini-transcribe-2025-12-15, deepdml/faster-whisper-large-v3-turbo-ct2",
        "gpt-4o-mini-tts-2025-12-15, speaches-ai/Kokoro-82M-v1.0-ONNX",
        "kokoro, speaches-ai/Kokoro-82M-v1.0-ONNX",
        "silero_vad_v5, onnx-community/silero-vad",
        "large-v3, Systran/faster-whisper-large-v3",
        "large, Systran/faster-whisper-large-v3",
        "large-v1, Systran/faster-whisper-large-v1",
        "large-v3-turbo, deepdml/faster-whisper-large-v3-turbo-ct2",
        "tiny.en, Systran/faster-whisper-tiny.en",
        "distil-large-v3, Systran/faster-distil-whisper-large-v3",
        "distil-small.en, Systran/faster-distil-whisper-small.en",
        "distil-large-v3.5, distil-whisper/distil-large-v3.5-ct2",
    })
    void theNamesThatClientsOfOtherServersSendAreShipped(String name, String model) {
        assertThat(ModelAliases.of(ModelAliases.shipped()).resolve(name)).hasToString(model);
    }

    @Test
    void theNameOfAModelIsNotThatOfASpeechService() {
        assertThat(ModelAliases.namesSpeechService("tts-1")).isTrue();
        assertThat(ModelAliases.namesSpeechService("gpt-4o-mini-tts-2025-12-15")).isTrue();
        for (String name : new String[] {"kokoro", "whisper-1", "large-v3", "nope"}) {
            assertThat(ModelAliases.namesSpeechService(name)).as(name).isFalse();
        }
    }

    @Test
    void theShippedFileSaysWhatTheDefaultsSay() {
        Path shipped = Path.of("..", "model_aliases.json");
        assertThat(ModelAliases.open(shipped).entries()).isEqualTo(ModelAliases.shipped());
    }

    @Test
    void theShippedAliasesHoldWithoutAFile() {
        ModelAliases aliases = ModelAliases.open(file);
        assertThat(aliases.resolve("whisper-1")).hasToString("Systran/faster-whisper-large-v3");
        assertThat(aliases.resolve("tts-1-hd")).hasToString("speaches-ai/Kokoro-82M-v1.0-ONNX");
        assertThat(aliases.entries()).isEqualTo(ModelAliases.shipped());
    }

    @Test
    void anIdIsItself() {
        assertThat(ModelAliases.open(file).resolve("a/b")).hasToString("a/b");
    }

    @Test
    void aTextThatIsNeitherIsRefused() {
        assertThatThrownBy(() -> ModelAliases.open(file).resolve("../x"))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> assertThat(refused.category()).isEqualTo(Category.INVALID_ID));
    }

    @Test
    void aChangedFileHoldsAtOnce() throws IOException {
        write("{\"mine\": \"a/b\"}");
        ModelAliases aliases = ModelAliases.open(file);
        assertThat(aliases.resolve("mine")).hasToString("a/b");
        write(
                "{\"mine\": \"a/c\", \"openai/whisper-large-v3\": \"Systran/faster-whisper-large-v3\"}");
        assertThat(aliases.resolve("mine")).hasToString("a/c");
        assertThat(aliases.resolve("openai/whisper-large-v3"))
                .hasToString("Systran/faster-whisper-large-v3");
        Files.delete(file);
        assertThat(aliases.resolve("whisper-1")).hasToString("Systran/faster-whisper-large-v3");
    }

    @Test
    void whatIsWrongWithTheFileIsSaidWithItsPlace() throws IOException {
        write("{\n\"a\": \"x/y\",\n\"a\": \"x/z\"}");
        assertThatThrownBy(() -> ModelAliases.open(file))
                .hasMessageContaining("not valid JSON (line 3, column ")
                .hasMessageContaining("Duplicate");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "",
                "[]",
                "null",
                "{\"a\": 1}",
                "{\"a\": null}",
                "{\"a\": {\"b\": \"c\"}}",
                "{\"a\": \"../b\"}",
                "{\"\": \"a/b\"}",
                "{\"a\": \"b\", \"b\": \"c/d\"}",
                "{\"a\": \"a\"}",
                "{\"a\": \"x/y\", \"a\": \"x/z\"}",
                "{\"a\\u0000\": \"x/y\"}"
            })
    void aBrokenVersionIsRefusedAndTheLastGoodOneStays(String broken) throws IOException {
        write(broken);
        assertThatThrownBy(() -> ModelAliases.open(file))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused ->
                                assertThat(refused.category()).isEqualTo(Category.INVALID_ALIASES));
        write("{\"mine\": \"a/b\"}");
        ModelAliases aliases = ModelAliases.open(file);
        write(broken);
        assertThat(aliases.resolve("mine")).hasToString("a/b");
        write("{\"mine\": \"a/d\"}");
        assertThat(aliases.resolve("mine")).hasToString("a/d");
    }

    @Test
    void anAliasToAnAliasIsNamed() throws IOException {
        write("{\"a\": \"b\", \"b\": \"c/d\"}");
        assertThatThrownBy(() -> ModelAliases.open(file)).hasMessageContaining("'a'", "'b'");
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L + 1000 * edits++));
    }
}
