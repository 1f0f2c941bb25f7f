package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What is written must sound like what a person would say: pairs of both. */
final class ReadingsTest {
    @TempDir static Path cache;

    private static EspeakNg espeak;
    private static KokoroSpelling spelling;

    @BeforeAll
    static void open() {
        espeak = new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
        spelling = new KokoroSpelling(espeak, KokoroLexicons.none());
    }

    @AfterAll
    static void close() {
        espeak.close();
    }

    static Stream<Arguments> pairs() {
        try (InputStream file =
                Objects.requireNonNull(ReadingsTest.class.getResourceAsStream("readings.json"))) {
            return StreamSupport.stream(new JsonMapper().readTree(file).spliterator(), false)
                    .map(pair -> Arguments.of(pair.get(0).asString(), pair.get(1).asString()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theWrittenSoundsLikeTheSpoken(String written, String spoken) {
        assertThat(phones(written)).isEqualTo(phones(spoken)).isNotEmpty();
    }

    /** Without spaces, marks and stress. */
    private static String phones(String text) {
        return spelling.phonemize(text, "a").phonemes().replaceAll("[^\\p{L}\\p{M}]|[ˈˌ]", "");
    }
}
