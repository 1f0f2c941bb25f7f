package dev.parlo.engine.text;

import dev.parlo.engine.text.TextNormalizer.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import org.jspecify.annotations.Nullable;

/** What a Japanese text has of numbers, in kana. Every repetition is bounded. */
final class JapaneseRules {
    private static final String NUMBER = NumberWords.NUMBER;

    /** The last group is there where kana or another number follows. */
    private static final String KANA = "(?=([\\d\\p{IsKatakana}])?)";

    private static final Map<String, String> UNITS =
            Map.ofEntries(
                    Map.entry("km/h", "キロメートル毎時"),
                    Map.entry("km", "キロメートル"),
                    Map.entry("cm", "センチメートル"),
                    Map.entry("mm", "ミリメートル"),
                    Map.entry("m", "メートル"),
                    Map.entry("kg", "キログラム"),
                    Map.entry("mg", "ミリグラム"),
                    Map.entry("g", "グラム"),
                    Map.entry("ml", "ミリリットル"),
                    Map.entry("l", "リットル"),
                    Map.entry("gb", "ギガバイト"),
                    Map.entry("mb", "メガバイト"),
                    Map.entry("°c", "度"),
                    Map.entry("°", "度"));
    private static final Map<String, String> MONEY =
            Map.of("¥", "エン", "$", "ドル", "€", "ユーロ", "£", "ポンド");

    private JapaneseRules() {}

    static List<Rule> all(Normalization wanted) {
        List<Rule> rules = new ArrayList<>(PunctuationRules.EAST_ASIAN);
        // the dictionary reads these as numbers
        rules.add(
                Rule.of(
                        "(?<![\\p{IsHan}〇])([一二])人(?!\\p{IsHan})",
                        m -> m.group(1).equals("一") ? "ヒトリ" : "フタリ"));
        // kana that is written out must not run into kana that is there
        rules.add(Rule.of("(?<=[\\p{IsKatakana}ー])\\d", m -> " " + m.group()));
        rules.add(
                Rule.of(
                        NumberWords.DATE,
                        m ->
                                counted(m.group(1), "年")
                                        + " "
                                        + counted(m.group(2), "月")
                                        + " "
                                        + counted(m.group(3), "日")));
        rules.add(Rule.of(NumberWords.CLOCK, m -> time(m.group(1), m.group(2), m.group(3))));
        if (wanted.phones()) {
            rules.add(
                    Rule.of(
                            "(?<![\\d.])(\\d{2,4})-(\\d{2,4})-(\\d{3,4})(?![\\d.])",
                            m ->
                                    JapaneseNumbers.digits(m.group(1))
                                            + ", "
                                            + JapaneseNumbers.digits(m.group(2))
                                            + ", "
                                            + JapaneseNumbers.digits(m.group(3))));
        }
        rules.add(Rule.of("(?<=\\d)\\s?[-~～〜–]\\s?(?=\\d)", m -> "から"));
        rules.add(Rule.of("(?<!\\w)[-−](?=\\d)", m -> "マイナス"));
        rules.add(
                Rule.of(
                        "([¥$€£])\\s?" + NUMBER,
                        m ->
                                m.group(1).equals("¥")
                                        ? JapaneseNumbers.counted(m.group(2), "円")
                                        : JapaneseNumbers.number(m.group(2))
                                                + MONEY.get(m.group(1))));
        rules.add(
                Rule.of(
                        NUMBER + "\\s?%" + KANA,
                        m -> JapaneseNumbers.number(m.group(1)) + "パーセント" + space(m)));
        if (wanted.units()) {
            rules.add(
                    Rule.of(
                            NUMBER
                                    + "\\s?((?i:km/h|km|cm|mm|kg|mg|ml|gb|mb|°C|m|g|l)|°)(?![A-Za-z])"
                                    + KANA,
                            m ->
                                    JapaneseNumbers.number(m.group(1))
                                            + UNITS.get(m.group(2).toLowerCase(Locale.ROOT))
                                            + space(m)));
        }
        rules.add(
                Rule.of(
                        "(?<!\\d)(\\d{1,9})分の(\\d{1,9})(?!\\d)",
                        m ->
                                JapaneseNumbers.number(m.group(1))
                                        + "ブンノ"
                                        + JapaneseNumbers.number(m.group(2))));
        rules.add(
                Rule.of(
                        NUMBER + "(" + JapaneseNumbers.COUNTERS + ")" + KANA,
                        m -> JapaneseNumbers.counted(m.group(1), m.group(2)) + space(m)));
        rules.add(Rule.of(NUMBER, m -> JapaneseNumbers.number(m.group(1))));
        return rules;
    }

    private static String space(MatchResult match) {
        return match.group(match.groupCount()) == null ? "" : " ";
    }

    private static String counted(String number, String counter) {
        return JapaneseNumbers.counted(NumberWords.unpadded(number), counter);
    }

    private static String time(String hour, String minute, @Nullable String second) {
        String kana = counted(hour, "時");
        if (!minute.equals("00") || second != null) {
            kana += minute.equals("00") ? "ゼロフン" : counted(minute, "分");
        }
        return second == null ? kana : kana + counted(second, "秒");
    }
}
