package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
final class SsmlReaderTest {
    private static TextReader reader(String ssml, Locale language) {
        boolean english = language.getLanguage().equals("en");
        return new TextReader(
                Script.of(ssml, TextMarkup.SSML),
                Wording.of(
                        english
                                ? new Normalizers().of(Locale.US, Normalization.DEFAULT)
                                : TextNormalizer.plain(Normalization.DEFAULT),
                        language),
                Lexicon.EMPTY);
    }

    /** What is said, with silences as {@code <0.5>} and manners other than the normal before it. */
    private static List<String> said(String ssml, Locale language) {
        List<String> said = new ArrayList<>();
        TextReader reader = reader(ssml, language);
        while (reader.hasNext()) {
            said.add(
                    switch (reader.next()) {
                        case TextPiece.Pause(double seconds) -> "<" + seconds + ">";
                        case TextPiece.Say(MappedText text, Manner manner) ->
                                (manner.equals(Manner.NORMAL)
                                                ? ""
                                                : manner.voice()
                                                        + "/"
                                                        + manner.rate()
                                                        + "/"
                                                        + manner.volume()
                                                        + ": ")
                                        + reader.pronunciations()
                                                .replaced(text, Pronunciations.Entry::word)
                                                .text();
                    });
        }
        return said;
    }

    private static List<String> said(String body) {
        return said("<speak>" + body + "</speak>", Locale.US);
    }

    @Test
    void textAndPausesComeInOrder() {
        assertThat(said("Hello, <break time='250ms'/>world. <break time=\"1.5s\"/>\n  Bye!"))
                .containsExactly("Hello,", "<0.25>", "world.", "<1.5>", "Bye!");
        assertThat(said("a<break/>b<break strength='none'/>c<break strength='x-strong'/>d"))
                .containsExactly("a", "<0.5>", "b", "c", "<1.5>", "d.");
        assertThat(said("a<break time='900s'/>")).containsExactly("a", "<60.0>");
    }

    @Test
    void paragraphsAndSentencesEndSentences() {
        assertThat(said("<p><s>One</s><s>Two?</s></p><p>Three</p>Four"))
                .containsExactly("One.", "Two?", "Three.", "Four.");
    }

    @Test
    void proseIsNotMarkdownAndWhiteSpaceIsOneSpace() {
        assertThat(said("I\n  say <!-- no --> [it] **so** &lt;&amp;&#65;"))
                .containsExactly("I say [it] so less than and A.");
    }

    @Test
    void voiceAndProsodyHoldInside() {
        assertThat(
                        said(
                                "A. <voice name='bob'>B. <prosody rate='fast' volume='+6dB'>C.</prosody>"
                                        + " D.</voice> E."))
                .containsExactly(
                        "A.",
                        "bob/1.0/1.0: B.",
                        "bob/1.25/" + Math.pow(10, 0.3) + ": C.",
                        "bob/1.0/1.0: D.",
                        "E.");
    }

    @ParameterizedTest
    @CsvSource({
        "rate,x-slow,0.5,1",
        "rate,80%,0.8,1",
        "rate,+20%,1.2,1",
        "rate,-50%,0.5,1",
        "rate,1.3,1.3,1",
        "volume,silent,1,0",
        "volume,50,1,0.5",
        "volume,loud,1,1.4",
        "volume,-10%,1,0.9"
    })
    void prosodyIsAFactor(String attribute, String value, double rate, double volume) {
        assertThat(said("<prosody " + attribute + "='" + value + "'>x y</prosody>"))
                .containsExactly("/" + rate + "/" + volume + ": x y");
    }

    @Test
    void substitutesAndPhonemesStayInTheirSentence() {
        TextReader reader =
                reader(
                        "<speak>The <sub alias='World Wide Web'>WWW</sub> is"
                                + " <phoneme alphabet='ipa' ph='təmˈɑːtəʊ'>tomato</phoneme> red</speak>",
                        Locale.US);
        TextPiece.Say said = (TextPiece.Say) reader.next();
        assertThat(reader.pronunciations().replaced(said.text(), Pronunciations.Entry::word).text())
                .isEqualTo("The World Wide Web is tomato red.");
        int mark = said.text().text().chars().filter(Pronunciations::isMark).findFirst().orElse(0);
        assertThat(reader.pronunciations().entry(mark))
                .isEqualTo(new Pronunciations.Entry("tomato", "təmˈɑːtəʊ"));
        // the words that stand for WWW point to it
        String source =
                Script.of("<speak>The <sub alias='x'>WWW</sub></speak>", TextMarkup.SSML).source();
        int world = said.text().text().indexOf("Wide");
        assertThat(source.substring(said.text().sourceStart(world), said.text().sourceEnd(world)))
                .isEqualTo("WWW");
    }

    @Test
    void emptyElementsSaySomethingAllTheSame() {
        assertThat(said("<sub alias='hello there'/> <phoneme ph='ə'/>"))
                .containsExactly("hello there ə.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "characters||NASA-1|N A S A dash one",
                "digits||4 12|four, one two",
                "telephone||+1 (555) 01|plus one, five five five, zero one",
                "cardinal||1,234|one thousand two hundred thirty-four",
                "number||-3.5|minus three point five",
                "ordinal||21st|twenty-first",
                "date|mdy|05/01/2024|May first, twenty twenty-four",
                "date|dmy|01.05.2024|May first, twenty twenty-four",
                "date||2024-05-01|May first, twenty twenty-four",
                "date|my|5/2024|May twenty twenty-four",
                "date|dmy|99/99/2024|99/99/2024",
                "unheard-of||thing|thing"
            })
    void sayAsReadsAsAsked(String as, String format, String text, String words) {
        String given =
                "<say-as interpret-as='"
                        + as
                        + "' format='"
                        + (format == null ? "" : format)
                        + "'>";
        List<String> said = said(given + text + "</say-as>!");
        if (as.equals("date") && text.startsWith("99")) {
            assertThat(said).hasSize(1);
        } else {
            assertThat(said).containsExactly(words + "!");
        }
    }

    @Test
    void sayAsKnowsTheLanguage() {
        assertThat(
                        said(
                                "<speak><say-as interpret-as='ordinal'>3</say-as> <say-as"
                                        + " interpret-as='cardinal'>21</say-as></speak>",
                                Locale.FRANCE))
                .containsExactly("troisième vingt-et-un.");
    }

    @Test
    void whatIsNotKnownIsSpokenWithoutIt() {
        assertThat(
                        said(
                                "<emphasis level='strong'>Very</emphasis> <mark name='x'/><w>good</w>"
                                        + "<audio src='a.wav'><desc>noise</desc> bang</audio>"
                                        + "<metadata><x>no</x></metadata>"))
                .containsExactly("Very good bang.");
        assertThat(
                        said(
                                "<?xml version='1.0'?><speak version='1.1'"
                                        + " xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='en-US'>Hi"
                                        + " <![CDATA[a <b>]]></speak>",
                                Locale.US))
                .containsExactly("Hi a b.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<speak>a<b></speak>|line 1, column",
                "hello|does not begin with <speak>",
                "<speak>hello|end it with </speak>",
                "<p>x</p>|<speak>",
                "<speak>~  <break time='soon'/></speak>|line 2, column 3",
                "<speak><break strength='huge'/></speak>|x-strong",
                "<speak><sub>x</sub></speak>|alias",
                "<speak><phoneme>x</phoneme></speak>|ph",
                "<speak><phoneme alphabet='x-sampa' ph='a'>x</phoneme></speak>|ipa",
                "<speak><prosody rate='0'>x</prosody></speak>|1.2",
                "<speak><prosody volume='much'>x</prosody></speak>|loud",
                "<speak><say-as>x</say-as></speak>|interpret-as",
                "<speak>&nbsp;</speak>|nbsp",
                "<!DOCTYPE speak><speak>x</speak>|line 1, column 1",
                "<!DOCTYPE speak [<!ENTITY a 'aaaa'>]><speak>&a;</speak>|DOCTYPE",
                "<!DOCTYPE s [<!ENTI\u0000 'b'>]><speak>x</speak>|not well-formed",
                "<!DOCTYPE speak SYSTEM 'file:///etc/passwd'><speak>x</speak>|DOCTYPE",
                "<speak><a><a><a><a><a><a><a><a><a><a>x</a></a></a></a></a></a></a></a></a></a></speak>|10 deep"
            })
    void whatIsWrongIsSaidWithItsPlace(String ssml, String message) {
        assertThatThrownBy(() -> Script.of(ssml.replace('~', '\n'), TextMarkup.SSML))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        wrong ->
                                assertThat(wrong.category())
                                        .isEqualTo(EngineException.Category.BAD_REQUEST))
                .hasMessageContaining("SSML, line ")
                .hasMessageContaining(message);
    }

    @Test
    void plainTextKnowsNothingOfIt() {
        TextReader reader =
                new TextReader(
                        Script.of("<speak>a <break/> b</speak>", TextMarkup.PLAIN),
                        Wording.of(TextNormalizer.plain(Normalization.OFF), Locale.US),
                        Lexicon.EMPTY);
        assertThat(((TextPiece.Say) reader.next()).text().text())
                .isEqualTo("<speak>a <break/> b</speak>");
    }

    @Property(tries = 200)
    void anyTextIsReadOrRefused(@ForAll("documents") String ssml) {
        try {
            TextReader reader = reader(ssml, Locale.US);
            String source = Script.of(ssml, TextMarkup.SSML).source();
            while (reader.hasNext()) {
                if (reader.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                    assertThat(manner.rate()).isBetween(0.05, 20.0);
                    for (int i = 0; i < said.length(); i++) {
                        assertThat(said.sourceStart(i)).isBetween(0, source.length());
                        assertThat(said.sourceEnd(i)).isBetween(0, source.length());
                    }
                }
            }
        } catch (EngineException refused) {
            assertThat(refused.category()).isEqualTo(EngineException.Category.BAD_REQUEST);
            assertThat(refused).hasMessageContaining("SSML, line");
        }
    }

    @Provide
    Arbitrary<String> documents() {
        Arbitrary<String> part =
                Arbitraries.of(
                        "<p>",
                        "</p>",
                        "<s>",
                        "</s>",
                        "<break/>",
                        "<break time='1s'/>",
                        "word ",
                        "1.5 ",
                        "<sub alias='b c'>",
                        "</sub>",
                        "<phoneme ph='a'>",
                        "</phoneme>",
                        "<say-as interpret-as='cardinal'>",
                        "</say-as>",
                        "&amp;",
                        "&x;",
                        "\uE000",
                        "<prosody rate='fast'>",
                        "</prosody>",
                        "<voice name='v'>",
                        "</voice>",
                        "<desc>",
                        "</desc>",
                        "\u0000",
                        "<",
                        "é漢\uD83D\uDE00",
                        "]]>",
                        "<!--",
                        "-->");
        return part.list()
                .ofMaxSize(12)
                .map(parts -> "<speak>" + String.join("", parts) + "</speak>");
    }

    @ParameterizedTest
    @Timeout(180)
    @ValueSource(
            strings = {
                "<break/>",
                "a<break/>",
                "<s>a</s>",
                "<sub alias='b'>a</sub> ",
                "<prosody rate='fast'>a</prosody>",
                "<say-as interpret-as='digits'>1</say-as>",
                "&#65;",
                "a "
            })
    void longDocumentsAreReadInLinearTime(String part) {
        String ssml = "<speak>" + part.repeat(400_000 / part.length()) + "</speak>";
        Script script = Script.of(ssml, TextMarkup.SSML);
        assertThat(script.source().length()).isLessThanOrEqualTo(ssml.length());
    }
}
