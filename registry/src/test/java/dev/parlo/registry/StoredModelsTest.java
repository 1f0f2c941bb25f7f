package dev.parlo.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What repositories of each family hold, and which models they are. */
@Tag("locale")
final class StoredModelsTest extends StoreFolders {
    @Test
    void aRepositoryOfNoSupportedFamilyIsNamedAsSuchAndCanBeDeleted() throws IOException {
        ModelId id = ModelId.parse("openai/whisper-large-v3");
        cached(id, "weights.npz", "weights");
        assertThat(store.list()).isEmpty();
        assertThatThrownBy(() -> store.require(id))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> assertThat(refused.category()).isEqualTo(Category.UNSUPPORTED))
                .hasMessageContaining("CTranslate2")
                .hasMessageContaining("Systran/faster-whisper-large-v3");
        store.delete(id);
        assertThat(repository(id)).doesNotExist();
    }

    @Test
    void theTwinIsNamedThoughNothingIsInstalled() {
        assertThatThrownBy(
                        () -> store.require(ModelId.parse("mlx-community/whisper-large-v3-turbo")))
                .hasMessageContaining("deepdml/faster-whisper-large-v3-turbo-ct2");
    }

    @Test
    void aGgmlFileOfOnesOwnNeedsNeitherCardNorASizeInItsName() throws IOException {
        Path folder = Files.createDirectories(local.resolve("own/converted"));
        Files.writeString(folder.resolve("ggml-model.bin"), "weights");
        InstalledModel model = store.require(ModelId.parse("own/converted"));
        assertThat(model.family()).isEqualTo(ModelFamily.WHISPER_GGML);
        assertThat(model.id()).hasToString("own/converted:model");
    }

    @Test
    void oneRepositoryOfManyCheckpointsIsManyModels() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        cached(id, "ggml-tiny.bin", "tiny");
        cached(id, "ggml-base.en.bin", "base");
        assertThat(store.list())
                .extracting(model -> model.id().toString())
                .containsExactly("ggerganov/whisper.cpp:base.en", "ggerganov/whisper.cpp:tiny");
        InstalledModel tiny = store.require(id.withVariant("tiny"));
        assertThat(tiny.checkpoint().orElseThrow()).hasContent("tiny");
        assertThatThrownBy(() -> store.require(id)).hasMessageContaining("base.en");
        store.delete(id.withVariant("tiny"));
        assertThat(store.require(id).checkpoint().orElseThrow()).hasContent("base");
        assertThat(store.require(id.withVariant("base.en"))).isEqualTo(store.require(id));
        store.delete(id.withVariant("base.en"));
        assertThat(repository(id)).doesNotExist();
    }

    @Test
    void theIdOfACheckpointIsTheSameWhateverElseIsInstalled() throws IOException {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        for (String size : List.of("tiny.en", "base", "small")) {
            cached(id, "ggml-" + size + ".bin", size);
            assertThat(store.list())
                    .extracting(InstalledModel::id)
                    .contains(id.withVariant("tiny.en"), id.withVariant(size))
                    .doesNotContain(id);
        }
    }

    @Test
    void aVoiceActivityModelOfWhisperCppIsNoWhisper() throws IOException {
        cached(ModelId.parse("ggml-org/whisper-vad"), "ggml-silero-v5.1.2.bin", "lmgg");
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        cached(id, "ggml-silero-v5.1.2.bin", "lmgg");
        cached(id, "ggml-tiny.bin", "lmgg");
        assertThat(store.list())
                .extracting(InstalledModel::id)
                .containsExactly(id.withVariant("tiny"));
        assertThatThrownBy(() -> store.require(ModelId.parse("ggml-org/whisper-vad")))
                .hasMessageContaining("onnx-community/silero-vad");
    }

    @Test
    void recognisesSpeechModelsAndTheirVoices() throws IOException {
        ModelId piper = ModelId.parse("speaches-ai/piper-en_GB-alan-low");
        cached(piper, "README.md", "---\nlanguage: en\ntags: [speaches, piper]\n---\n");
        cached(piper, "model.onnx", "graph");
        cached(
                piper,
                "config.json",
                "{\"phoneme_id_map\": {}, \"audio\": {\"sample_rate\": 16000},"
                        + " \"espeak\": {\"voice\": \"en-gb\"}}");
        ModelId kokoro = ModelId.parse("onnx-community/Kokoro-82M-v1.0-ONNX");
        cached(kokoro, "onnx/model.onnx", "graph");
        cached(kokoro, "onnx/model_q4.onnx", "other graph");
        cached(kokoro, "voices/bf_emma.bin", "voice");
        cached(kokoro, "config.json", "{}");
        SpeechVoices emma = requireNonNull(store.require(kokoro).card().speech());
        assertThat(emma.sampleRate()).isEqualTo(24_000);
        assertThat(emma.voices())
                .containsExactly(new SpeechVoices.Voice("bf_emma", "bf_emma", "en-gb", "female"));
        assertThat(store.require(kokoro).files()).doesNotContainKey("onnx/model_q4.onnx");
        SpeechVoices alan = requireNonNull(store.require(piper).card().speech());
        assertThat(alan.sampleRate()).isEqualTo(16_000);
        assertThat(alan.voices())
                .containsExactly(new SpeechVoices.Voice("alan", "alan", "en", null));
        assertThat(store.list())
                .extracting(model -> model.family() + " " + model.id())
                .containsExactly("PIPER " + piper, "KOKORO " + kokoro, "KOKORO " + kokoro + ":q4");
        assertThat(store.require(ModelId.parse(kokoro + ":q4")).weights())
                .containsExactly("onnx/model_q4.onnx");
    }

    @Test
    void ofManyPiperVoicesInFoldersTheOneThatIsThereIsInstalled() throws IOException {
        ModelId voices = ModelId.parse("rhasspy/piper-voices");
        String config = "{\"phoneme_id_map\": {}, \"espeak\": {\"voice\": \"de\"}}";
        cached(voices, "de/de_DE/thorsten/low/de_DE-thorsten-low.onnx", "graph");
        cached(voices, "de/de_DE/thorsten/low/de_DE-thorsten-low.onnx.json", config);
        InstalledModel found = store.require(voices);
        assertThat(found.id()).isEqualTo(ModelId.parse(voices + ":de_DE-thorsten-low"));
        assertThat(requireNonNull(found.card().speech()).voices())
                .containsExactly(new SpeechVoices.Voice("thorsten", "thorsten", "de", null));
        cached(voices, "en/en_US/amy/low/en_US-amy-low.onnx", "graph");
        cached(voices, "en/en_US/amy/low/en_US-amy-low.onnx.json", config);
        assertThatThrownBy(() -> store.require(voices))
                .hasMessageContaining(voices + ":en_US-amy-low");
    }

    @Test
    void aPiperVoiceOfSeveralSpeakersIsListedByThem() throws IOException {
        ModelId many = ModelId.parse("me/piper-en_US-libritts-high");
        cached(many, "README.md", "---\nlanguage: en\ntags: [speaches, piper]\n---\n");
        cached(many, "model.onnx", "graph");
        cached(
                many,
                "config.json",
                "{\"phoneme_id_map\": {}, \"audio\": {\"sample_rate\": 22050}, \"espeak\": {\"voice\": \"en-us\"},"
                        + " \"num_speakers\": 2, \"speaker_id_map\": {\"p2\": 1, \"p1\": 0}}");
        assertThat(requireNonNull(store.require(many).card().speech()).voices())
                .extracting(SpeechVoices.Voice::id)
                .containsExactly("p1", "p2");
    }
}
