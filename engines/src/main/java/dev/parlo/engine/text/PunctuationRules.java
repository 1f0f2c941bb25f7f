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
    private static final Map<String, String> SIGNS =
            Map.ofEntries(
                    Map.entry("@", " at "),
                    Map.entry("#", " number "),
                    Map.entry("$", " dollar "),
                    Map.entry("£", " pound "),
                    Map.entry("€", " euro "),
                    Map.entry("%", " percent "),
                    Map.entry("&", " and "),
                    Map.entry("=", " equals "),
                    Map.entry("+", " plus "),
                    Map.entry("/", " slash "),
                    Map.entry("°", " degrees "),
                    Map.entry("×", " times "),
                    Map.entry("÷", " divided by "),
                    Map.entry("<", " less than "),
                    Map.entry(">", " greater than "));

    /** For every language. */
    static final List<Rule> ALL =
            List.of(
                    Rule.of("[、。！，：；？’‘]", match -> WIDE.get(match.group())),
                    Rule.of("[\\s\\u00A0\\u2000-\\u200B\\u202F\\u3000]{1,2000}", match -> " "));

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

    /** What is left of signs at the end. */
    static final List<Rule> SYMBOLS =
            List.of(
                    Rule.of("(?<=\\p{L})_(?=\\p{L})", match -> " "),
                    Rule.of("(?<=\\p{L})/(?=\\p{L})", match -> " slash "),
                    Rule.of("[~^*_|\\\\`]", match -> " "),
                    Rule.of("[@#$£€%&=+/°×÷<>]", match -> SIGNS.get(match.group())),
                    Rule.of(" {2,2000}", match -> " "),
                    Rule.of(" (?=[,.!?;:](?:\\s|$))", match -> ""));

    private PunctuationRules() {}

    private static String compatible(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC);
    }
}
