package dev.parlo.engine.text;

import dev.parlo.engine.text.TextNormalizer.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Mandarin text has of numbers, in characters. Every repetition is bounded. */
final class MandarinRules {
    private static final String NUMBER = NumberWords.NUMBER;

    private static final Map<String, String> UNITS =
            Map.ofEntries(
                    Map.entry("km/h", "公里每小时"),
                    Map.entry("km", "公里"),
                    Map.entry("cm", "厘米"),
                    Map.entry("mm", "毫米"),
                    Map.entry("m", "米"),
                    Map.entry("kg", "公斤"),
                    Map.entry("mg", "毫克"),
                    Map.entry("g", "克"),
                    Map.entry("ml", "毫升"),
                    Map.entry("l", "升"),
                    Map.entry("°c", "摄氏度"),
                    Map.entry("°f", "华氏度"),
                    Map.entry("°", "度"));
    private static final Map<String, String> MONEY =
            Map.of("¥", "元", "$", "美元", "€", "欧元", "£", "英镑");

    private MandarinRules() {}

    static List<Rule> all(Normalization wanted) {
        List<Rule> rules = new ArrayList<>(PunctuationRules.EAST_ASIAN);
        rules.add(
                Rule.of(
                        NumberWords.DATE,
                        m -> year(m.group(1)) + "年" + n(m.group(2)) + "月" + n(m.group(3)) + "日"));
        rules.add(Rule.of("(?<!\\d)(\\d{4})(?=\\s?年)", m -> year(m.group(1))));
        rules.add(Rule.of(NumberWords.CLOCK, m -> time(m.group(1), m.group(2), m.group(3))));
        if (wanted.phones()) {
            rules.add(
                    Rule.of(
                            "(?<![\\d.])\\+?(\\d{2,4}[- ]\\d{3,4}[- ]\\d{3,8}|1\\d{10}|0\\d{2,3}-?\\d{7,8})(?![\\d.])",
                            m -> MandarinNumbers.digits(m.group(1))));
        }
        rules.add(Rule.of("(?<=\\d)\\s?[-~～–]\\s?(?=\\d)", m -> "到"));
        rules.add(Rule.of("(?<!\\w)[-−](?=\\d)", m -> "负"));
        rules.add(
                Rule.of(
                        "([¥$€£])\\s?" + NUMBER,
                        m -> MandarinNumbers.number(m.group(2)) + MONEY.get(m.group(1))));
        rules.add(Rule.of(NUMBER + "\\s?%", m -> "百分之" + MandarinNumbers.number(m.group(1))));
        if (wanted.units()) {
            rules.add(
                    Rule.of(
                            NUMBER + "\\s?((?i:km/h|km|cm|mm|kg|mg|ml|°C|°F|m|g|l)|°)(?![A-Za-z])",
                            m ->
                                    MandarinNumbers.number(m.group(1))
                                            + UNITS.get(m.group(2).toLowerCase(Locale.ROOT))));
        }
        rules.add(
                Rule.of(
                        "(?<![\\d/])(\\d{1,4})/(\\d{1,4})(?![\\d/])",
                        m -> n(m.group(2)) + "分之" + n(m.group(1))));
        rules.add(Rule.of("(?<![\\d.])2(?=[个個只隻条條本张張件种種位天次])", m -> "两"));
        rules.add(Rule.of(NUMBER, m -> MandarinNumbers.number(m.group(1))));
        return rules;
    }

    private static String year(String digits) {
        return MandarinNumbers.digits(digits);
    }

    private static String n(String digits) {
        return MandarinNumbers.number(NumberWords.unpadded(digits));
    }

    private static String time(String hour, String minute, @Nullable String second) {
        StringBuilder words = new StringBuilder(n(hour)).append('点');
        if (!minute.equals("00") || second != null) {
            words.append(minute.charAt(0) == '0' && !minute.equals("00") ? "零" : "")
                    .append(n(minute))
                    .append('分');
        }
        if (second != null) {
            words.append(n(second)).append('秒');
        }
        return words.toString();
    }
}
