package dev.parlo.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A text of a client may repeat whatever a rule looks at. Four times the text must cost about four
 * times the work; a rule that looks at everything again at each place would cost sixteen times.
 */
final class NormalizerCostTest {
    private static final Normalizers NORMALIZERS = new Normalizers();
    private static final int LENGTH = 25_000;

    /** Below this the machine's own noise is larger than what is measured. */
    private static final long NOISE = 300_000_000L;

    static Stream<String> parts() {
        return Stream.of(
                "1",
                "a.",
                "A.",
                "1,111",
                "1,1",
                "@",
                "a@",
                "a@b.",
                "[",
                "[a](",
                "*_",
                "http://a",
                "http://",
                "www.",
                "1-",
                "8/2=",
                "1e5",
                "I-II",
                "Tel:",
                "1 N Oak ",
                "1 st 2 lb ",
                "Q1–",
                "n-",
                "1:2.3",
                "<p>",
                "<p a=b ",
                "&amp;",
                "&#1",
                "<!--",
                ">",
                "1 - ",
                "1.",
                ".",
                " ",
                "(s)",
                "1:",
                "1:2",
                "A.B",
                "-1",
                "$1",
                "$",
                "US$",
                "US $",
                "12.12.",
                "Jan-",
                "Mon–Fri–",
                "½ km ",
                "1⁄2 km",
                "²",
                "6 ft 2 in ",
                "N. 42nd St. ",
                "I, ",
                "1°2′",
                " .a",
                "A v. ",
                "1-1-",
                "1 h 1",
                "1.ª",
                "XXe ",
                "1 €2",
                "１",
                "a`",
                "ˡ",
                "1年",
                "2個",
                "万円",
                "打",
                "1/",
                "1/2 ",
                "\"",
                "`",
                "a/",
                "<",
                "<a",
                "<a>",
                "#a",
                "#",
                "^2",
                "x^",
                "**",
                "1h 2m ",
                "May 5, ",
                "5 May ",
                "(555) ",
                "555-",
                "+1 ",
                "I",
                "IV ",
                "No. ",
                "St. ",
                "U.S",
                "e.g. ",
                "10 km",
                "km/",
                "½",
                "1½",
                "'9",
                "1's",
                "--",
                "~1",
                "&a",
                "1x",
                "1 x ",
                "a_",
                "\u0301",
                "e\u0301",
                "ﬃ",
                "\uFDFA",
                "ˈ",
                "５",
                "à.",
                "Ⅳ",
                "1\u00A0000",
                "5'1\"",
                "12,",
                "1,234.56",
                "a'",
                "-−–",
                "mr",
                "Mr. X. ",
                "vs. ");
    }

    @ParameterizedTest
    @MethodSource("parts")
    void timeIsLinearInTheLengthOfAnyText(String part) {
        TextNormalizer normalizer = NORMALIZERS.of(Locale.US, Normalization.DEFAULT);
        long small = work(normalizer, part, LENGTH);
        long large = work(normalizer, part, 4 * LENGTH);
        assertThat(large).isLessThan(Math.max(10 * small, NOISE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.111", "1,1", "10h", "5 de ", "z.", "Nr. 1", "XIV. ", "3. Mai ", "₹1"})
    void soItIsInEveryLanguage(String part) {
        for (String language : new String[] {"de", "fr", "hi"}) {
            TextNormalizer normalizer =
                    NORMALIZERS.of(Locale.forLanguageTag(language), Normalization.DEFAULT);
            long small = work(normalizer, part, LENGTH / 2);
            long large = work(normalizer, part, 2 * LENGTH);
            assertThat(large).isLessThan(Math.max(10 * small, NOISE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "年", "1年", "1.", "a1年", "カ1", "¥", "1-", " 1年"})
    void soItIsWhereCharactersStandInAnotherLanguage(String part) {
        TextNormalizer normalizer = NORMALIZERS.of(Locale.US, Normalization.DEFAULT);
        long[] work = new long[2];
        for (int i = 0; i < 2; i++) {
            String text = part.repeat((i == 0 ? LENGTH / 2 : 2 * LENGTH) / part.length());
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Iterator<MappedText> said =
                    normalizer.partsMixed(MappedText.of(text), Normalization.DEFAULT);
            int length = 0;
            while (said.hasNext()) {
                length += said.next().length();
            }
            work[i] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            assertThat(length).isPositive();
        }
        assertThat(work[1]).isLessThan(Math.max(10 * work[0], NOISE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "1-", "1/", "1:", "1.", "$1", "1万", "+1=", "2024年", "〒1", "打1", "1 - "})
    void soItIsInJapaneseAndMandarin(String part) {
        for (TextNormalizer normalizer :
                new TextNormalizer[] {
                    TextNormalizer.japanese(Normalization.DEFAULT),
                    TextNormalizer.mandarin(Normalization.DEFAULT)
                }) {
            long small = work(normalizer, part, LENGTH / 2);
            long large = work(normalizer, part, 2 * LENGTH);
            assertThat(large).isLessThan(Math.max(10 * small, NOISE));
        }
    }

    /** Nanoseconds of processor time of this thread. */
    private static long work(TextNormalizer normalizer, String part, int length) {
        String text = part.repeat(length / part.length());
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        MappedText said = normalizer.normalize(MappedText.of(text));
        assertThat(said.length()).isLessThan(30 * text.length() + 30);
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }
}
