package dev.parlo.engine.kokoro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How near Kokoro's English is to what Kokoro was trained on. */
final class EnglishPhonemesTest {
    @TempDir static Path cache;
    @TempDir Path folder;

    private static EspeakNg espeak;

    @BeforeAll
    static void open() {
        espeak = new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
    }

    @AfterAll
    static void close() {
        espeak.close();
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream file =
                Objects.requireNonNull(EnglishPhonemesTest.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static String[] words(KokoroSpelling spelling, String text, String code) {
        return spelling.phonemize(text, code)
                .phonemes()
                .replaceAll("[;:,.!?—…\"()“”]", " ")
                .strip()
                .split(" +");
    }

    /** Of 60 sentences; the usual reading alone is right in 33. */
    @Test
    void wordsOfTwoReadingsAreToldByTheirNeighbours() throws IOException {
        KokoroSpelling spelling = new KokoroSpelling(espeak, KokoroLexicons.none());
        int right = 0;
        List<String> all = lines("heteronyms.tsv");
        for (String line : all) {
            String[] parts = line.split("\t");
            List<String> written =
                    Arrays.asList(
                            parts[0].toLowerCase(Locale.ROOT).replaceAll("[.,]", "").split(" "));
            String[] said = words(spelling, parts[0], "a");
            right += said[written.indexOf(parts[1])].equals(parts[2]) ? 1 : 0;
        }
        assertThat(all).hasSize(60);
        assertThat(right).isGreaterThanOrEqualTo(57);
    }

    @Test
    void dictionariesOfAFolderGoBeforeTheRules() throws IOException {
        Files.writeString(
                folder.resolve("us_gold.json"),
                "{\"zorbo\": \"zˈOɹbO\", \"plint\": {\"DEFAULT\": \"plˈInt\", \"VERB\": \"x\"}}");
        KokoroSpelling spelling = new KokoroSpelling(espeak, KokoroLexicons.in(folder));
        assertThat(spelling.phonemize("The Zorbo plinted zorbo's.", "a").phonemes())
                .isEqualTo("ðə zˈOɹbO plˈIntᵻd zˈOɹbOz.");
    }

    @Test
    void aFolderWithoutDictionariesOrWithABrokenOneIsRefused() throws IOException {
        assertThatThrownBy(() -> KokoroLexicons.in(folder))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("us_gold.json");
        Files.writeString(folder.resolve("gb_gold.json"), "{\"a\": ");
        assertThatThrownBy(() -> KokoroLexicons.in(folder))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("gb_gold.json");
    }

    /**
     * The dictionaries do not come with the program: {@code MISAKI_LEXICONS} names their folder. A
     * word counts as equal when it is any of the dictionary's readings.
     */
    @ParameterizedTest
    @CsvSource({"a,us", "b,gb"})
    void wordsAgreeWithTheReference(String code, String accent) throws IOException {
        String lexicons = System.getenv("MISAKI_LEXICONS");
        Assumptions.assumeTrue(
                lexicons != null,
                "NOT MEASURED: MISAKI_LEXICONS must name a folder with misaki's dictionaries");
        Path files = Path.of(lexicons);
        Reference reference = new Reference(files, accent);
        double plain =
                agreement(new KokoroSpelling(espeak, KokoroLexicons.none()), code, reference);
        double with =
                agreement(new KokoroSpelling(espeak, KokoroLexicons.in(files)), code, reference);
        assertThat(plain).isGreaterThanOrEqualTo(0.90);
        assertThat(with).isGreaterThanOrEqualTo(0.97);
    }

    private static double agreement(KokoroSpelling spelling, String code, Reference reference)
            throws IOException {
        int all = 0;
        int equal = 0;
        int whole = 0;
        List<String> sentences = lines("sentences.txt");
        for (String sentence : sentences) {
            String[] written = sentence.replaceAll("[^A-Za-z' ]", " ").strip().split(" +");
            String[] said = words(spelling, sentence, code);
            assertThat(said).as(sentence).hasSameSizeAs(written);
            int right = 0;
            for (int i = 0; i < written.length; i++) {
                right += reference.readings(written[i]).contains(said[i]) ? 1 : 0;
            }
            all += written.length;
            equal += right;
            whole += right == written.length ? 1 : 0;
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d of %d words (%.1f %%), %d of %d sentences%n",
                code,
                equal,
                all,
                100.0 * equal / all,
                whole,
                sentences.size());
        return (double) equal / all;
    }

    /** What misaki says: its rules for the smallest words, else any reading of its dictionaries. */
    private static final class Reference {
        private final List<JsonNode> dictionaries;
        private final boolean british;

        Reference(Path folder, String accent) {
            JsonMapper json = new JsonMapper();
            dictionaries =
                    List.of(
                            json.readTree(folder.resolve(accent + "_gold.json").toFile()),
                            json.readTree(folder.resolve(accent + "_silver.json").toFile()));
            british = accent.equals("gb");
        }

        Set<String> readings(String word) {
            Set<String> readings =
                    switch (word.toLowerCase(Locale.ROOT)) {
                        case "a" -> Set.of("ɐ");
                        case "an" -> Set.of("ɐn");
                        case "i" -> Set.of("ˌI");
                        case "the" -> Set.of("ðə", "ði");
                        case "to" -> Set.of("tə", "tʊ", "tu", "tuː");
                        default -> known(word);
                    };
            if (!readings.isEmpty()) {
                return readings;
            }
            Set<String> ended = new LinkedHashSet<>();
            // every reading of the word without its ending
            for (int i = 0; i < 6; i++) {
                int which = i;
                String said =
                        EnglishEndings.said(
                                word,
                                british,
                                stem -> known(stem).stream().skip(which).findFirst().orElse(null));
                if (said != null) {
                    ended.add(said);
                }
            }
            return ended;
        }

        private Set<String> known(String word) {
            Set<String> readings = new LinkedHashSet<>();
            String small = word.toLowerCase(Locale.ROOT);
            for (JsonNode dictionary : dictionaries) {
                for (String form :
                        new String[] {
                            word,
                            small,
                            small.isEmpty()
                                    ? small
                                    : small.substring(0, 1).toUpperCase(Locale.ROOT)
                                            + small.substring(1)
                        }) {
                    JsonNode said = dictionary.path(form);
                    if (said.isString()) {
                        readings.add(said.asString().replace('ɾ', 'T'));
                    }
                    said.forEach(way -> {
                        if (way.isString()) {
                            readings.add(way.asString().replace('ɾ', 'T'));
                        }
                    });
                    if (!readings.isEmpty()) {
                        return readings;
                    }
                }
            }
            return readings;
        }
    }
}
