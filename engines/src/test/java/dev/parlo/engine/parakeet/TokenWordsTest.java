package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.parakeet.TokenWords.Spoken;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TokenWordsTest {
    private final PieceVocabulary vocabulary =
            PieceVocabulary.of(
                    List.of(
                            "\u2581stra 0",
                            "\u00dfe 1",
                            ". 2",
                            "\u2581\u043a\u043e\u0442 3",
                            "\u2581\u00bfqu 4",
                            "\u00e9 5",
                            "<|de|> 6",
                            "\u2581 7",
                            "a 8",
                            "<blk> 9"));

    private final TokenWords words = new TokenWords(vocabulary);

    /** Tokens as {@code id@frame+duration}. */
    private static List<TimedToken> tokens(String text) {
        return Stream.of(text.split(" "))
                .map(token -> {
                    String[] parts = token.split("[@+]");
                    return new TimedToken(
                            Integer.parseInt(parts[0]),
                            Integer.parseInt(parts[1]),
                            Integer.parseInt(parts[2]),
                            Math.log(0.5));
                })
                .toList();
    }

    private static String shown(Spoken word) {
        return String.format(Locale.ROOT, "[%s] %.2f-%.2f", word.text(), word.start(), word.end());
    }

    @Test
    void piecesMakeWordsOfAnyScriptAndControlTokensNone() {
        assertThat(words.words(tokens("6@0+0 0@1+2 1@3+2 3@5+1 4@8+1 5@9+0 7@10+1 8@11+2")))
                .extracting(TokenWordsTest::shown)
                .containsExactly(
                        "[ stra\u00dfe] 0.08-0.40",
                        "[ \u043a\u043e\u0442] 0.40-0.48",
                        "[ \u00bfqu\u00e9] 0.64-0.72",
                        "[ a] 0.80-1.04");
    }

    @Test
    void aMarkThatIsWrittenAfterAPauseDoesNotMakeItsWordLonger() {
        assertThat(words.words(tokens("3@0+2 2@20+4")))
                .extracting(TokenWordsTest::shown)
                .containsExactly("[ \u043a\u043e\u0442.] 0.00-0.16");
    }

    @Test
    void aSentenceEndsWithItsMarkOrAPause() {
        assertThat(words.sentences(tokens("3@0+2 2@2+0 3@4+1 3@30+1 3@32+1")))
                .extracting(List::size)
                .containsExactly(1, 1, 2);
        assertThat(words.sentences(tokens("6@0+1 2@1+1")).getFirst().getFirst().text())
                .isEqualTo(".");
        assertThat(words.sentences(tokens("6@0+1"))).isEmpty();
    }

    @Test
    void aWordLastsAtLeastAMoment() {
        Spoken word = words.words(tokens("3@4+0")).getFirst();
        assertThat(shown(word)).isEqualTo("[ \u043a\u043e\u0442] 0.32-0.34");
        assertThat(word.probability()).isBetween(0.4999, 0.5001);
    }
}
