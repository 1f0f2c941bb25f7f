package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LexiconTest {
    private static final Lexicon LEXICON =
            new Lexicon(
                    Map.of(
                            "nginx",
                            "engine x",
                            "New York",
                            "noo york",
                            "York",
                            "jork",
                            "C++",
                            "see plus plus",
                            "東京",
                            "トーキョー",
                            "d’or",
                            "door"));

    private static String applied(String text) {
        return LEXICON.apply(MappedText.of(text), (word, said) -> "<" + said + ">").text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Use NGINX, now|Use <engine x>, now",
                "nginxes and xnginx|nginxes and xnginx",
                "new york and york|<noo york> and <jork>",
                "New Yorkers|New Yorkers",
                "C++ is C+|<see plus plus> is C+",
                "東京都は東京です|<トーキョー>都は<トーキョー>です",
                "York's|York's",
                "d'or d’or|<door> <door>"
            })
    void findsWholeWordsTheLongestFirst(String text, String said) {
        assertThat(applied(text)).isEqualTo(said);
    }

    @Test
    void theOtherLexiconGoesFirst() {
        Lexicon both = LEXICON.with(new Lexicon(Map.of("YORK", "y")));
        assertThat(both.apply(MappedText.of("York nginx"), (word, said) -> said).text())
                .isEqualTo("y engine x");
    }

    @Test
    void emptyOrEndlessWordsAreRefused() {
        assertThatThrownBy(() -> new Lexicon(Map.of(" ", "x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Lexicon(Map.of("x".repeat(65), "x")))
                .hasMessageContaining("64");
        assertThatThrownBy(() -> new Lexicon(Map.of("x", " "))).hasMessageContaining("'x'");
    }

    @Property(tries = 200)
    void whatIsNotReplacedStays(@ForAll String text) {
        assertThat(LEXICON.apply(MappedText.of(text), (word, said) -> word).text()).isEqualTo(text);
    }

    @Test
    @Timeout(180)
    void aLongTextIsLookedThroughInLinearTime() {
        assertThat(applied("new yor ".repeat(50_000))).hasSize(400_000);
    }
}
