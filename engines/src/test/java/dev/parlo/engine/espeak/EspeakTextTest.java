package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What of a text is kept from espeak-ng. */
final class EspeakTextTest {
    @Test
    void ordinaryTextsStayAsTheyAre() {
        String text =
                "See www.a.b.example.org, 10.0.0.1, e.g. the U.S.A. ... and so on. ".repeat(9);
        assertThat(EspeakNg.harmless(text)).isSameAs(text);
    }

    @Test
    void fullStopsBetweenLettersEndAfterADozen() {
        String tamed = EspeakNg.harmless("a.".repeat(200));
        assertThat(tamed).hasSize(400).startsWith("a.".repeat(12) + "a a.");
        assertThat(tamed.split(" ")).allMatch(word -> word.length() <= 25);
        assertThat(EspeakNg.harmless("a\0b")).isEqualTo("a b");
    }
}
