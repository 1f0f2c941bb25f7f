package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PiperConfigTest {
    @TempDir Path folder;

    private PiperConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("a.onnx.json"), json);
        return PiperConfig.read(folder, List.of("a.onnx", "a.onnx.json")).orElseThrow();
    }

    @Test
    void theLanguageIsThatOfTheFamilyOrOfEspeaksVoice() throws IOException {
        assertThat(read("{\"language\": {\"family\": \"de\"}}").language()).isEqualTo("de");
        assertThat(read("{\"espeak\": {\"voice\": \"en-us\"}}").language()).isEqualTo("en");
    }

    @Test
    void whatAListCannotShowOfAVoicesFileIsLeftOut() throws IOException {
        for (String odd : new String[] {"e\\u001b[2Jn", "\\u202een", "en us", "e", "x".repeat(9)}) {
            assertThat(read("{\"language\": {\"family\": \"" + odd + "\"}}").language()).isEmpty();
            assertThat(read("{\"espeak\": {\"voice\": \"" + odd + "\"}}").language()).isEmpty();
        }
        for (String rate : new String[] {"-1", "0", "1e300", "\"fast\"", "2000000000"}) {
            assertThat(read("{\"audio\": {\"sample_rate\": " + rate + "}}").sampleRate())
                    .as(rate)
                    .isEqualTo(22_050);
        }
        Files.writeString(
                folder.resolve("a.onnx.json"),
                "{\"num_speakers\": 2, \"speaker_id_map\": {\"an\\u001b[2Jn\": 0, \"bob\": 1}}");
        SpeechVoices voices =
                VoiceCatalog.local(
                        ModelId.parse("a/b"),
                        ModelFamily.PIPER,
                        folder,
                        List.of("a.onnx", "a.onnx.json"));
        assertThat(Optional.ofNullable(voices).orElseThrow().voices())
                .extracting(SpeechVoices.Voice::id)
                .containsExactly("bob");
    }
}
