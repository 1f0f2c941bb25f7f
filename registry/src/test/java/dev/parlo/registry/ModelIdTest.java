package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.registry.RegistryException.Category;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class ModelIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Systran/faster-whisper-tiny.en",
                "parlo/whisper-nano.en",
                "espeak-ng",
                "silero_vad_v5",
                "a/b",
                "_a/b_",
                "ggerganov/whisper.cpp:large-v3-turbo-q5_0",
                "speaches-ai/piper-en_US-amy-low"
            })
    void printsAsItWasRead(String text) {
        assertThat(ModelId.parse(text)).hasToString(text);
    }

    @Test
    void knowsItsPartsAndItsCacheFolder() {
        ModelId id = ModelId.parse("ggerganov/whisper.cpp:base.en");
        assertThat(id.owner()).isEqualTo("ggerganov");
        assertThat(id.name()).isEqualTo("whisper.cpp");
        assertThat(id.variant()).isEqualTo("base.en");
        assertThat(id.cacheFolder()).isEqualTo("models--ggerganov--whisper.cpp");
        assertThat(id.repository()).hasToString("ggerganov/whisper.cpp");
        assertThat(ModelId.parse("espeak-ng").ownedBy()).isEqualTo("espeak-ng");
    }

    @ParameterizedTest
    @FieldSource("dev.parlo.registry.HostileNames#IDS")
    void refusesHostileNames(String text) {
        assertThatThrownBy(() -> ModelId.parse(text))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        refused -> {
                            assertThat(refused.category()).isEqualTo(Category.INVALID_ID);
                            assertThat(refused.getMessage()).hasSizeLessThan(400);
                            assertThat(refused.getMessage().chars())
                                    .noneMatch(Character::isISOControl);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models--",
                "models--a----b",
                "models--..--b",
                "models--a--b--c",
                "datasets--a--b",
                "models--a--b.git",
                "x"
            })
    void readsNoIdFromOtherFolders(String folder) {
        assertThat(ModelId.ofCacheFolder(folder)).isEmpty();
    }

    /** Whatever is accepted stays one folder below the cache, and comes back from its folder. */
    @Property(tries = 2000)
    void acceptedIdsStayInsideTheCache(
            @ForAll
                    @CharRange(from = '%', to = ':')
                    @CharRange(from = 'a', to = 'e')
                    @CharRange(from = '\\', to = '_')
                    @StringLength(max = 14)
                    String text) {
        Optional<ModelId> id = ModelId.tryParse(text);
        if (id.isEmpty()) {
            return;
        }
        Path root = Path.of("/cache/hub");
        Path folder = root.resolve(id.get().cacheFolder());
        assertThat(folder.normalize()).isEqualTo(folder);
        assertThat(folder.getParent()).isEqualTo(root);
        assertThat(ModelId.ofCacheFolder(id.get().cacheFolder())).contains(id.get().repository());
        Path plain = root.resolve(id.get().repository().toString());
        assertThat(plain.normalize()).isEqualTo(plain).startsWithRaw(root);
        assertThat(ModelId.parse(id.get().toString())).isEqualTo(id.get());
    }

    @Property(tries = 1000)
    void anyTextIsAnIdOrRefused(@ForAll String text) {
        ModelId.tryParse(text).ifPresent(id -> assertThat(id).hasToString(text));
    }
}
