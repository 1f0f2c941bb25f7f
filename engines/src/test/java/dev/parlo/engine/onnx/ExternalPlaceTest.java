package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalPlaceTest {
    @TempDir Path folder;

    private static ExternalPlace place(String... entries) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put(entries[i], entries[i + 1]);
        }
        return Objects.requireNonNull(ExternalPlace.of("w", map));
    }

    @Test
    void onlyWhatHasALocationLiesElsewhere() {
        assertThat(ExternalPlace.of("w", Map.of("offset", "5"))).isNull();
        assertThat(place("location", "a")).isEqualTo(new ExternalPlace("w", "a", 0, -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5", "٣", "0x10", "9999999999999999999"})
    void aNumberIsOfAsciiDigitsAndNotTooLarge(String text) {
        for (String key : new String[] {"offset", "length"}) {
            assertThatThrownBy(() -> place("location", "a", key, text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("its tensor 'w' has no number as its " + key);
        }
    }

    @Test
    void aFileLiesInTheModelsFolder() throws IOException {
        Files.createDirectories(folder.resolve("in"));
        Files.write(folder.resolve("in/a"), new byte[4]);
        assertThat(place("location", "in/a").file(folder)).hasSize(4);
        for (String outside : new String[] {"../a", "/etc/passwd", "", ".", "in/../.."}) {
            assertThatThrownBy(() -> place("location", outside).file(folder))
                    .hasMessageContaining("outside of the model's folder");
        }
        assertThatThrownBy(() -> place("location", "b").file(folder))
                .hasMessage("its weights 'b' are missing");
    }

    @Test
    void aTensorLiesWithinItsFile() {
        place("location", "a", "offset", "6", "length", "4").check(4, 10);
        place("location", "a").check(0, 0);
        for (ExternalPlace wrong :
                new ExternalPlace[] {
                    place("location", "a", "offset", "7"),
                    place("location", "a", "length", "3"),
                    place("location", "a", "offset", "999999999999999999")
                }) {
            assertThatThrownBy(() -> wrong.check(4, 10))
                    .hasMessageContaining("beyond the end of a");
        }
    }
}
