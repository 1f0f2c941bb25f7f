package dev.parlo.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of models that cannot be used. */
class RefusalsTest {
    @TempDir Path folder;
    private Path local;
    private CachedModels cache;
    private ModelStore store;

    @BeforeEach
    void store() throws IOException {
        local = Files.createDirectories(folder.resolve("mine"));
        cache = new CachedModels(folder.resolve("hub"));
        store = store(false);
    }

    private ModelStore store(boolean offline) {
        return new ModelStore(
                new ModelRoots(List.of(), List.of(local), cache.cache), List.of(), offline);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "gpt-4o-transcribe-diarize", "silero_vad_v9"})
    void noCommandIsRecommendedForANameThatIsNoId(String name) {
        RegistryException refused = refused(store, name);
        assertThat(refused.category()).isEqualTo(Category.NOT_FOUND);
        assertThat(refused.getMessage())
                .startsWith("Model '" + name + "' is not installed locally.")
                .doesNotContain("model download")
                .contains("registry ls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Systran/faster-whisper-tiny", "nope", "large-v3", "hexgrad/Kokoro-82M"})
    void noDownloadIsRecommendedWhereTheHubMustNotBeAsked(String name) {
        assertThat(refused(store(true), name).getMessage())
                .satisfiesAnyOf(
                        message ->
                                assertThat(message)
                                        .contains("HF_HUB_OFFLINE")
                                        .doesNotContain("model download"),
                        message -> assertThat(message).contains("is not supported"));
    }

    @Test
    void aRepositoryOfManyCheckpointsIsRecommendedWithOneOfThem() throws IOException {
        assertThat(refused(store, "ggerganov/whisper.cpp").getMessage())
                .contains("`parlo model download ggerganov/whisper.cpp:base.en`");
        ModelId id = ModelId.parse("ggerganov/whisper.cpp");
        cache.file(id, "ggml-tiny.bin", new byte[1]);
        cache.file(id, "ggml-base.bin", new byte[1]);
        assertThat(refused(store, "ggerganov/whisper.cpp").getMessage())
                .contains("[ggerganov/whisper.cpp:base, ggerganov/whisper.cpp:tiny]");
        assertThat(refused(store, "ggerganov/whisper.cpp:small").getMessage())
                .contains("`parlo model download ggerganov/whisper.cpp:small`");
    }

    @Test
    void aLocalModelThatIsBrokenIsCalledBrokenAndSaysWhy() throws IOException {
        Map<String, Broken> cases =
                Map.of(
                        "is not a JSON object", at -> write(at, "config.json", "[".repeat(5_000)),
                        "longer than 4 MiB",
                                at ->
                                        write(
                                                at,
                                                "config.json",
                                                "{\"a\": \"" + "x".repeat(5 << 20) + "\"}"),
                        "'model.bin' is a link that leads out",
                                at -> {
                                    Files.delete(at.resolve("model.bin"));
                                    Files.createSymbolicLink(
                                            at.resolve("model.bin"), Path.of("/etc/passwd"));
                                },
                        "it lacks 'model.bin'",
                                at -> {
                                    Files.delete(at.resolve("model.bin"));
                                    Files.createSymbolicLink(
                                            at.resolve("model.bin"), Path.of("nowhere"));
                                },
                        "it lacks 'tokenizer.json",
                                at -> Files.delete(at.resolve("tokenizer.json")),
                        "it lacks 'config.json'", at -> Files.delete(at.resolve("config.json")));
        int number = 0;
        for (Map.Entry<String, Broken> each : cases.entrySet()) {
            String id = "me/asr-" + number++;
            Path at = local.resolve(id);
            write(at, "config.json", "{\"suppress_ids\": []}");
            write(at, "model.bin", "weights");
            write(at, "tokenizer.json", "{}");
            assertThat(store.find(ModelId.parse(id))).isPresent();
            each.getValue().happens(at);
            store = store(false);
            RegistryException refused = refused(store, id);
            assertThat(refused.category()).as(each.getKey()).isEqualTo(Category.BROKEN);
            assertThat(refused.getMessage())
                    .contains("'" + id + "' is installed but broken: ", each.getKey())
                    .doesNotContain(folder.toString(), "/etc", "model download");
        }
        assertThat(store.list()).isEmpty();
    }

    @Test
    void aFolderThatIsALinkOutOfTheModelFolderIsCalledSo() throws IOException {
        Path outside = folder.resolve("outside");
        write(outside, "model.bin", "weights");
        Files.createDirectories(local.resolve("me"));
        Files.createSymbolicLink(local.resolve("me/linked"), outside);
        assertThat(refused(store, "me/linked").getMessage())
                .contains("is installed but broken", "a link that leads out of the model folder")
                .doesNotContain(folder.toString());
    }

    @Test
    void filesOfNoSupportedFormatAreCalledSo() throws IOException {
        write(local.resolve("me/other"), "model.safetensors", "weights");
        assertThat(refused(store, "me/other").category()).isEqualTo(Category.UNSUPPORTED);
    }

    private interface Broken {
        void happens(Path at) throws IOException;
    }

    private static void write(Path at, String file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(at.resolve(file).getParent()));
        Files.write(at.resolve(file), text.getBytes(UTF_8));
    }

    private static RegistryException refused(ModelStore store, String id) {
        return catchThrowableOfType(
                RegistryException.class, () -> store.require(ModelId.parse(id)));
    }
}
