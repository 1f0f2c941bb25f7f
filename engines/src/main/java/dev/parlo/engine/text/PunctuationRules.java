package dev.parlo.engine.text;

import dev.parlo.engine.text.TextNormalizer.Rule;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rules for marks and signs. */
final class PunctuationRules {
    private static final Map<String, String> WIDE =
            Map.of(
                    "、", ", ", "。", ". ", "！", "! ", "，", ", ", "：", ": ", "；", "; ", "？", "? ",
                    "’", "'", "‘", "'");

    /** Marks of sentences and quotations, for every language. */
    static final List<Rule> MARKS =
            List.of(Rule.of("[、。！，：；？’‘]", match -> WIDE.get(match.group())));

    private static final Rule SPACE =
            Rule.of("[\\s\\u00A0\\u2000-\\u200B\\u202F\\u3000]{1,2000}", match -> " ");

    /** What writing items out leaves behind: several spaces, spaces before marks. */
    static final List<Rule> SPACES = List.of(SPACE, Rule.of(" (?=[,.!?;:](?:\\s|$))", match -> ""));

    /** For every language. */
    static final List<Rule> ALL = Stream.concat(MARKS.stream(), Stream.of(SPACE)).toList();

    /** Digits and Latin letters of double width, for languages that use them. */
    private static final List<Rule> WIDTH =
            List.of(
                    Rule.of("[０-９Ａ-Ｚａ-ｚ％＋－＝＆＠＃＄￥．／]", match -> compatible(match.group())),
                    Rule.of("(?<=\\d)：(?=\\d)", match -> ":"),
                    Rule.of("(?<=\\d)，(?=\\d{3}(?!\\d))", match -> ","));

    /** Other characters that are there for old encodings: half-width kana, letters in circles. */
    private static final List<Rule> COMPATIBILITY =
            List.of(
                    Rule.of(
                            "[\uFF01-\uFFEE\u3200-\u33FF\u2460-\u24FF℃][ﾞﾟ]?",
                            match -> compatible(match.group())));

    /** For Japanese and Chinese, what was there for old encodings last. */
    static final List<Rule> EAST_ASIAN =
            Stream.of(WIDTH, ALL, COMPATIBILITY).flatMap(List::stream).toList();

    static final Rule OPTIONAL_PLURAL = Rule.of("(?<=\\p{L})\\(s\\)", match -> "s");

    private PunctuationRules() {}

    private static String compatible(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }
}
