package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that come from a Hub may be anything; none leads out of the cache. */
class CacheLayoutTest {
    private static final ModelId ID = ModelId.parse("a/b");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/../b",
                "/x",
                "a//b",
                "a/",
                "\\x",
                "a\\b",
                "C:x",
                "a%2fb",
                "a\0b",
                "a\nb",
                "a?b",
                "a*b",
                "a|b",
                "a/b/c/d/e/f/g",
                "x "
            })
    void fileNamesThatLeadElsewhereAreRefused(String name) {
        assertThatThrownBy(() -> CacheLayout.file(name)).isInstanceOf(RegistryException.class);
    }

    @Property(tries = 2000)
    void acceptedFileNamesStayInsideTheSnapshot(
            @ForAll @CharRange(from = 'a', to = 'b') @Chars({'.', '/', '\\', ':', '-', '%', '\0'})
                    String name) {
        Path root = Path.of("/cache/snapshots/x");
        try {
            Path file = root.resolve(CacheLayout.file(name));
            assertThat(file.normalize()).isEqualTo(file).startsWithRaw(root).isNotEqualTo(root);
        } catch (RegistryException refused) {
            assertThat(refused.category()).isEqualTo(RegistryException.Category.CORRUPT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", ".hidden", "../x", "a/b", "a\\b", "a\0", "x.incomplete"})
    void etagsThatLeadElsewhereAreRefused(String etag) {
        CacheLayout layout = new CacheLayout(Path.of("/cache"));
        assertThatThrownBy(() -> layout.blob(ID, etag)).isInstanceOf(RegistryException.class);
        assertThatThrownBy(() -> layout.lock(ID, etag)).isInstanceOf(RegistryException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "main",
                "..",
                "../../x",
                "0123",
                "0123456789ABCDEF0123456789ABCDEF01234567"
            })
    void commitsThatAreNoneAreRefused(String commit) {
        CacheLayout layout = new CacheLayout(Path.of("/cache"));
        assertThatThrownBy(() -> layout.snapshot(ID, commit)).isInstanceOf(RegistryException.class);
    }
}
