package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** A long text is put into words sentence by sentence, and says what it would say as a whole. */
final class LazyReadingTest {
    private static final Normalizers NORMALIZERS = new Normalizers();
    private static final List<String> LANGUAGES =
            List.of("en-US", "en-GB", "es", "fr", "de", "it", "pt", "hi");
    private static final List<String> PLAIN =
            List.of(
                    "The ship left the harbour early.",
                    "Nobody waved!",
                    "Did they know?",
                    "He lives on Elm St. Louis moved away.",
                    "We met Dr. Smith and the Corp. Then we left.",
                    "It ends at 5 p.m. The rest follows.",
                    "See chapter IV. Then read on.",
                    "It weighs 6 ft. Then it does not.",
                    "Ask for No. 5 etc. They know.",
                    "It costs $5. Mr. Lee paid.",
                    "ok. \u2075 more. Not Ⅳ. Xi.",
                    "\n",
                    " ");

    private final Map<String, List<String>> items = new HashMap<>();

    @Provide
    Arbitrary<Tuple.Tuple2<String, String>> texts() {
        return Arbitraries.of(LANGUAGES)
                .flatMap(language -> {
                    Arbitrary<String> words =
                            Arbitraries.frequencyOf(
                                    Tuple.of(4, Arbitraries.of(items(language))),
                                    Tuple.of(3, Arbitraries.of(PLAIN)),
                                    Tuple.of(
                                            1,
                                            Arbitraries.of(
                                                    ".", "! ", "? ", ", ", "\"", "'", "(", "A")),
                                    Tuple.of(1, Arbitraries.strings().ofMaxLength(6)));
                    Arbitrary<String> joints = Arbitraries.of(" ", ". ", "! ", "", ".\u00A0", "\n");
                    return Combinators.combine(words, joints)
                            .as((word, joint) -> word + joint)
                            .list()
                            .ofMaxSize(12)
                            .map(all -> Tuple.of(language, String.join("", all)));
                });
    }

    private synchronized List<String> items(String language) {
        return items.computeIfAbsent(language, LazyReadingTest::read);
    }

    private static List<String> read(String language) {
        try (InputStream file =
                Objects.requireNonNull(
                        LazyReadingTest.class.getResourceAsStream("items-" + language + ".txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(" | "))
                    .map(line -> line.split(" \\| ")[0])
                    .toList();
        } catch (IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
    }

    @Property(tries = 1000)
    void sentencesAreThoseOfTheWholeText(@ForAll("texts") Tuple.Tuple2<String, String> one) {
        TextNormalizer normalizer =
                NORMALIZERS.of(Locale.forLanguageTag(one.get1()), Normalization.DEFAULT);
        MappedText text = MappedText.of(one.get2());
        List<MappedText> lazily = new ArrayList<>();
        normalizer
                .parts(text)
                .forEachRemaining(part -> lazily.addAll(SentenceSplitter.split(part)));
        assertThat(lazily.stream().map(LazyReadingTest::shown))
                .containsExactlyElementsOf(
                        SentenceSplitter.split(normalizer.normalize(text)).stream()
                                .map(LazyReadingTest::shown)
                                .toList());
    }

    /** The words and where each character comes from. */
    private static String shown(MappedText sentence) {
        int[] places = new int[2 * sentence.length()];
        for (int i = 0; i < sentence.length(); i++) {
            places[2 * i] = sentence.sourceStart(i);
            places[2 * i + 1] = sentence.sourceEnd(i);
        }
        return sentence.text() + Arrays.toString(places);
    }

    @Test
    void theFirstSentenceIsPutIntoWordsBeforeTheSecondIsLookedAt() {
        Iterator<MappedText> parts =
                NORMALIZERS
                        .of(Locale.US, Normalization.DEFAULT)
                        .parts(MappedText.of("It cost $5 in all. Nobody paid $6. I did."));
        assertThat(parts.next().text()).isEqualTo("It cost five dollars in all.");
        assertThat(parts.next().text()).isEqualTo(" Nobody paid six dollars. I did.");
        assertThat(parts.hasNext()).isFalse();
    }
}
