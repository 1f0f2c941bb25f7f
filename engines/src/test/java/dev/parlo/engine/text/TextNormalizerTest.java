package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
final class TextNormalizerTest {
    private static String english(String text) {
        return new Normalizers()
                .of(Locale.US, Normalization.DEFAULT)
                .normalize(MappedText.of(text))
                .text()
                .strip();
    }

    /** Words that a reading of something else must leave alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en|up to 2000 hours, after 1000 hours of use|up to two thousand hours, after one thousand hours of use",
                "en|at 0800 hours, by 1630 hours|at oh eight hundred hours, by sixteen thirty hours",
                "en|The modem runs at 9600 bps.|The modem runs at nine thousand six hundred bps.",
                "en|Sat 3 rows behind|Sat three rows behind",
                "en|on Sat 12 March|on Saturday the twelfth of March",
                "en|I sent a text to 40000 people|I sent a text to forty thousand people",
                "en|the case is 150000 dollars|the case is one hundred fifty thousand dollars",
                "en|text STOP to 40404|text STOP to four zero four zero four",
                "en|the 100m women final|the one hundred meter women final",
                "en|a 5-date plan, 1990-date|a five-date plan, nineteen ninety to date",
                "en|at 0x10|at zero x ten",
                "de|Seite 5. Frage ihn.|Seite fünf. Frage ihn.",
                "de|Er kam auf den 2. Platz.|Er kam auf den zweiten Platz.",
                "fr|1 signifie vrai|un signifie vrai",
                "it|da 1 a 5|da uno a cinque",
                "es|de 1 a 5|de uno a cinco",
            })
    void whatOnlyResemblesAPatternIsReadAsItStands(String language, String written, String spoken) {
        assertThat(
                        new Normalizers()
                                .of(
                                        language.equals("en")
                                                ? Locale.US
                                                : Locale.forLanguageTag(language),
                                        Normalization.DEFAULT)
                                .normalize(MappedText.of(written))
                                .text()
                                .strip())
                .isEqualTo(spoken);
    }

    /** As HTML is left in a text that was copied. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<p>One</p><p>Two</p>|One. Two",
                "One<br/>two|One. two",
                "One.<br>Two|One. Two",
                "a <b>bold</b> move|a bold move",
                "<a href=\"https://x.org/?a=1\">link</a> <!-- note -->here|link here",
                "Tom &amp; Jerry &#8212; caf&eacute;&nbsp;5 &lt; 6|Tom & Jerry — café 5 < 6",
                "it&#39;s &quot;fine&quot; &unknown; &#xD800;|it's \"fine\" &unknown;",
                "a < b and c > d, List<Name>, <name>|a < b and c > d, List<Name>, <name>",
                "x <b and c> y|x <b and c> y",
                ">> twice quoted|twice quoted",
            })
    void leftoversOfHtmlAreTakenOut(String written, String left) {
        assertThat(MarkupCleaner.clean(MappedText.of(written)).text().strip().replaceAll(" +", " "))
                .isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Visit https://docs.acme.org/api?x=1 now|Visit https docs dot acme dot org slash api question-mark x equals one now",
                "mailto: and mailto:me and mailto:@x.org|mailto: and mailto:me and mailto: at x.org",
                "mail jo.doe@acme.org today|mail jo dot doe at acme dot org today",
                "It is $3.50.|It is three dollars and fifty cents.",
                "$5.3k|five point three thousand dollars",
                "£1 and €2|one pound and two euros",
                "-7.25|minus seven point two five",
                "v2.0.1|v two point zero point one",
                "in 1984|in nineteen eighty-four",
                "in 2005|in two thousand five",
                "1,234 people|one thousand two hundred thirty-four people",
                "10 km|ten kilometers",
                "1 kg|one kilogram",
                "60 mph|sixty miles per hour",
                "8:05am|eight oh five AM",
                "10:35 pm|ten thirty-five PM",
                "at 3:00|at three o'clock",
                "the 21st|the twenty-first",
                "May 1st, 2024|May first, twenty twenty-four",
                "2024-05-01|May first, twenty twenty-four",
                "5-10 men|five to ten men",
                "50%|fifty percent",
                "3/4 cup|three quarters cup",
                "Dr. Smith and Mrs. Lee|Doctor Smith and Missus Lee",
                "Henry VIII met I|Henry the eighth met I",
                "chapter IV|chapter four",
                "file(s)|files",
                "call 555-123-4567|call five five five, one two three, four five six seven",
                "Tom & Jerry|Tom and Jerry",
                "the 1990s|the nineteen nineties",
                "007|zero zero seven",
                "snake_case|snake case"
            })
    void writesOut(String written, String spoken) {
        assertThat(english(written)).isEqualTo(spoken);
    }

    @Test
    void otherLanguagesKeepTheirNumbers() {
        assertThat(
                        new Normalizers()
                                .of(Locale.forLanguageTag("sv"), Normalization.DEFAULT)
                                .normalize(MappedText.of("3,50 € à 10h"))
                                .text())
                .isEqualTo("3,50 € à 10h");
        assertThat(
                        new Normalizers()
                                .of(Locale.US, Normalization.OFF)
                                .normalize(MappedText.of("$5 @ 3"))
                                .text())
                .isEqualTo("$5 @ 3");
    }

    private static TextReader reader(String text, TextNormalizer normalizer) {
        return new TextReader(
                Script.of(text, TextMarkup.PLAIN),
                Wording.of(normalizer, Locale.US),
                Lexicon.EMPTY);
    }

    /** That of English, Japanese, Mandarin. */
    private static List<TextNormalizer> normalizers() {
        return List.of(
                new Normalizers().of(Locale.US, Normalization.DEFAULT),
                TextNormalizer.japanese(Normalization.DEFAULT),
                TextNormalizer.mandarin(Normalization.DEFAULT));
    }

    @Property(tries = 100)
    void anyTextIsReadWithOffsetsInsideIt(@ForAll String text) {
        for (TextNormalizer normalizer : normalizers()) {
            TextReader reader = reader(text, normalizer);
            while (reader.hasNext()) {
                if (reader.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                    for (int i = 0; i < said.length(); i++) {
                        assertThat(said.sourceStart(i)).isBetween(0, text.length());
                        assertThat(said.sourceEnd(i)).isBetween(said.sourceStart(i), text.length());
                    }
                    assertThat(manner).isEqualTo(Manner.NORMAL);
                }
            }
        }
    }

    /** Steps of regular expressions cannot be counted, but a quadratic one would not end here. */
    @Tag("once")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "a.",
                "1,111",
                "@",
                "a@",
                "[",
                "[a](",
                "*_",
                "http://a",
                "1-",
                ".",
                " ",
                "(s)",
                "1:",
                "A.B",
                "1,111円",
                "-1",
                "¥1",
                "年1/",
                "\"",
                "`"
            })
    @org.junit.jupiter.api.Timeout(180)
    void hostileRepetitionIsReadInTime(String part) {
        String text = part.repeat(60_000 / part.length());
        for (TextNormalizer normalizer : normalizers()) {
            ChunkPlanner plan =
                    new ChunkPlanner(reader(text, normalizer), ChunkPlanner.Lengths.NEURAL, true);
            long characters = 0;
            while (plan.hasNext()) {
                if (plan.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                    assertThat(said.length())
                            .isLessThanOrEqualTo(ChunkPlanner.Lengths.NEURAL.longest());
                    assertThat(manner).isEqualTo(Manner.NORMAL);
                    characters += said.length();
                }
            }
            assertThat(characters).isLessThan(20L * text.length());
        }
    }

    @Test
    void markupGoesAndNamesStay() {
        List<String> said = new ArrayList<>();
        TextReader reader =
                reader(
                        "# Title\n- use `snake_case_name` and **bold *nested* text** 😀\n2 * 3 [link](http://x.org/a)",
                        new Normalizers().of(Locale.forLanguageTag("sv"), Normalization.OFF));
        while (reader.hasNext()) {
            if (reader.next() instanceof TextPiece.Say(MappedText text, Manner manner)) {
                said.add(text.text());
                assertThat(manner).isEqualTo(Manner.NORMAL);
            }
        }
        assertThat(said)
                .containsExactly(
                        "Title.", "use snake_case_name and bold nested text.", "2 * 3 link");
    }

    @Property(tries = 100)
    void chunksHoldEveryLetterInOrder(@ForAll("texts") String text) {
        StringBuilder spoken = new StringBuilder();
        ChunkPlanner plan =
                new ChunkPlanner(
                        reader(
                                text,
                                new Normalizers()
                                        .of(Locale.forLanguageTag("sv"), Normalization.OFF)),
                        ChunkPlanner.Lengths.NEURAL,
                        true);
        while (plan.hasNext()) {
            if (plan.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                spoken.append(said.text());
                assertThat(manner).isEqualTo(Manner.NORMAL);
            }
        }
        assertThat(letters(spoken.toString())).isEqualTo(letters(text));
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<String> texts() {
        return net.jqwik.api.Arbitraries.strings()
                .withChars("abcXYZ 12.,!?;:\n'\"()-é")
                .ofMaxLength(3000);
    }

    private static String letters(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}]", "");
    }
}
