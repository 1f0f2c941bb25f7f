package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as {@link ReadingsTest} of several hundred pairs, which were written by somebody who
 * thought of what the rules might not know, in eight of Kokoro's languages: language, written,
 * spoken.
 */
final class FreshReadingsTest {
    @TempDir static Path cache;

    @Test
    void everyKindOfItemInEveryLanguageSoundsAsAReaderSaysIt() throws IOException {
        List<String> wrong = new ArrayList<>();
        int pairs = 0;
        try (EspeakNg espeak =
                new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate())) {
            KokoroSpelling spelling = new KokoroSpelling(espeak, KokoroLexicons.none());
            for (String line : lines()) {
                String[] pair = line.split(" \\| ");
                pairs++;
                String written = phones(spelling, pair[1], pair[0]);
                if (written.isEmpty() || !written.equals(phones(spelling, pair[2], pair[0]))) {
                    wrong.add(line + ": " + written);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(pairs).isGreaterThan(700);
    }

    private static List<String> lines() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(
                        FreshReadingsTest.class.getResourceAsStream("fresh-readings.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** Without spaces, marks and stress. */
    private static String phones(KokoroSpelling spelling, String text, String language) {
        return spelling.phonemize(text, language).phonemes().replaceAll("[^\\p{L}\\p{M}]|[ˈˌ]", "");
    }
}
