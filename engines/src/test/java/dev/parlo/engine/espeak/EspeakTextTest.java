package dev.parlo.engine.espeak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What of a text is kept from espeak-ng. */
final class EspeakTextTest {
    private static String given(String text) {
        return EspeakText.of(text, false).text();
    }

    @Test
    void ordinaryTextsStayAsTheyAre() {
        String text =
                "See www.a.b.example.org, 10.0.0.1, e.g. the U.S.A. ... and so on. ".repeat(9);
        assertThat(given(text)).isEqualTo(text);
        String german = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
        assertThat(given(german)).isEqualTo(german);
    }

    @Test
    void fullStopsBetweenLettersEndAfterADozen() {
        String tamed = given("a.".repeat(200));
        assertThat(tamed).hasSize(400).startsWith("a.".repeat(12) + "a a a");
        assertThat(tamed.split(" ")).allMatch(word -> word.length() <= 26);
        assertThat(given("م .".repeat(40))).endsWith("م  م  ").doesNotContain("م .".repeat(13));
        assertThat(given("a..".repeat(40))).endsWith("a  a  ").startsWith("a..".repeat(6));
        assertThat(given("a.".repeat(40) + " the end. Yes. No.")).endsWith(" the end. Yes. No.");
    }

    @Test
    void controlCharactersAreNoCommandsToTheLibrary() {
        assertThat(given("a\0b\u00015Vx\u0002c\nd\te")).isEqualTo("a b 5Vx c\nd\te");
    }

    @Test
    void bracketsOfATextAreNoPhonemes() {
        assertThat(given("[[t@m]] [[[[_^_aaaa]]")).doesNotContain("[[");
        assertThat(EspeakText.of("[[t@m]] x", true).text()).isEqualTo("[[t@m]] x");
    }

    @Property(tries = 200)
    void noWordIsLongerThanTheLibrarysBuffer(@ForAll String text) {
        for (String given : List.of(text, text.repeat(20), "ऐ" + "\u0308".repeat(text.length()))) {
            EspeakText tamed = EspeakText.of(given, false);
            for (String word : tamed.text().split("\\s")) {
                assertThat(word.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(124);
            }
            assertThat(tamed.sources()).hasSize(tamed.text().length()).isSorted();
            assertThat(tamed.source(tamed.text().length())).isEqualTo(given.length());
        }
    }

    @Property(tries = 100)
    void partsAreTheWholeTextAndFit(@ForAll String text, @ForAll @IntRange(min = 8) int max) {
        for (String given :
                List.of(text, text.repeat(9), "a1".repeat(900) + text, "一二 ".repeat(200))) {
            StringBuilder all = new StringBuilder();
            for (int from = 0; from < given.length(); ) {
                int to = EspeakText.partEnd(given, from, max, false);
                assertThat(to).isGreaterThan(from);
                String part = given.substring(from, to);
                assertThat(part.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(max);
                all.append(part);
                from = to;
            }
            assertThat(all.toString()).isEqualTo(given);
        }
    }

    @Test
    void noBracketIsTakenApart() {
        String bracket = "[[" + "a|".repeat(59) + "a]]";
        String text = ("one " + bracket + ", two" + bracket).repeat(20);
        for (int from = 0; from < text.length(); ) {
            int to = EspeakText.partEnd(text, from, 600, true);
            String part = text.substring(from, to);
            assertThat(part.split("\\[\\[", -1)).hasSameSizeAs(part.split("]]", -1));
            from = to;
        }
    }
}
