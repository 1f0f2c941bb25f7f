package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of item in every language, as {@code items-LANGUAGE.txt} has them. */
@Tag("locale")
final class WrittenOutTest {
    private static final Normalizers NORMALIZERS = new Normalizers();

    static Stream<Arguments> pairs() {
        return Stream.of("en-US", "en-GB", "es", "fr", "de", "it", "pt", "hi", "ja", "zh")
                .flatMap(WrittenOutTest::pairs);
    }

    private static Stream<Arguments> pairs(String language) {
        try (InputStream file =
                Objects.requireNonNull(
                        WrittenOutTest.class.getResourceAsStream("items-" + language + ".txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(" | "))
                    .map(line -> line.split(" \\| "))
                    .map(pair -> Arguments.of(language, pair[0], pair[1]));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyItemIsSaidAsAPersonWould(String language, String written, String spoken) {
        TextNormalizer normalizer =
                switch (language) {
                    case "ja" -> TextNormalizer.japanese(Normalization.DEFAULT);
                    case "zh" -> TextNormalizer.mandarin(Normalization.DEFAULT);
                    default ->
                            NORMALIZERS.of(Locale.forLanguageTag(language), Normalization.DEFAULT);
                };
        MappedText said = normalizer.normalize(MappedText.of(written));
        assertThat(said.text().strip()).isEqualTo(spoken);
        // whatever is said comes from a place in the text, in order
        int from = 0;
        for (int i = 0; i < said.length(); i++) {
            assertThat(said.sourceStart(i)).isBetween(from, written.length());
            assertThat(said.sourceEnd(i)).isBetween(said.sourceStart(i), written.length());
            from = said.sourceStart(i);
        }
    }
}
