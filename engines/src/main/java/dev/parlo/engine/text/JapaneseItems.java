package dev.parlo.engine.text;

import dev.parlo.engine.text.EasternItems.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kinds of items that a Japanese text has, said in kana. Every repetition is bounded. */
final class JapaneseItems {
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
                    Map.entry("kb", "キロバイト"),
                    Map.entry("tb", "テラバイト"),
                    Map.entry("kw", "キロワット"),
                    Map.entry("w", "ワット"),
                    Map.entry("hz", "ヘルツ"),
                    Map.entry("mhz", "メガヘルツ"),
                    Map.entry("ghz", "ギガヘルツ"),
                    Map.entry("m²", "ヘーホーメートル"),
                    Map.entry("m2", "ヘーホーメートル"),
                    Map.entry("km²", "ヘーホーキロメートル"),
                    Map.entry("km2", "ヘーホーキロメートル"),
                    Map.entry("m³", "リッポーメートル"),
                    Map.entry("m3", "リッポーメートル"),
                    Map.entry("gb", "ギガバイト"),
                    Map.entry("mb", "メガバイト"),
                    Map.entry("°c", "度"),
                    Map.entry("°", "度"));
    private static final Map<String, String> MONEY =
            Map.ofEntries(
                    Map.entry("¥", "円"),
                    Map.entry("JP¥", "円"),
                    Map.entry("JPY", "円"),
                    Map.entry("$", "ドル"),
                    Map.entry("US$", "ドル"),
                    Map.entry("USD", "ドル"),
                    Map.entry("€", "ユーロ"),
                    Map.entry("EUR", "ユーロ"),
                    Map.entry("£", "ポンド"),
                    Map.entry("GBP", "ポンド"),
                    Map.entry("₩", "ウォン"),
                    Map.entry("₹", "ルピー"));
    private static final String CURRENCY =
            "(US\\$|JP¥|[¥$€£₩₹]|(?<![A-Za-z])(?:JPY|USD|EUR|GBP)(?![A-Za-z]))";
    private static final Map<String, String> OPERATORS =
            Map.of("+", " タス ", "-", " ヒク ", "−", " ヒク ", "×", " カケル ", "*", " カケル ", "÷", " ワル ");

    private JapaneseItems() {}

    static EasternItems of(Normalization wanted) {
        List<Kind> kinds = new ArrayList<>();
        kinds.add(EasternItems.INITIALS);
        // the dictionary reads these as numbers
        kinds.add(
                Kind.item(
                        "(?<![\\p{IsHan}〇])([一二])人(?!\\p{IsHan})",
                        m -> m.group(1).equals("一") ? "ヒトリ" : "フタリ"));
        kinds.add(
                Kind.item(
                        NumberWords.DATE,
                        m -> counted(m.group(1), "年") + " " + monthAndDay(m.group(2), m.group(3))));
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{1,4})年(\\d{1,2})月(?:(\\d{1,2})日(?!間))?" + KANA,
                        m ->
                                counted(m.group(1), "年")
                                        + " "
                                        + monthAndDay(m.group(2), m.group(3))
                                        + space(m)));
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{1,2})月(\\d{1,2})日(?!間)" + KANA,
                        m -> monthAndDay(m.group(1), m.group(2)) + space(m)));
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{1,2})時(\\d{1,2})分(?!間)" + KANA,
                        m -> counted(m.group(1), "時") + " " + counted(m.group(2), "分") + space(m)));
        kinds.add(Kind.item(NumberWords.VERSION, m -> version(m.group())));
        kinds.add(
                Kind.item(
                        "〒\\s?(\\d{3})-?(\\d{4})(?!\\d)",
                        m ->
                                JapaneseNumbers.digits(m.group(1))
                                        + "ノ "
                                        + JapaneseNumbers.digits(m.group(2))));
        kinds.add(Kind.item(NumberWords.CLOCK, m -> time(m.group(1), m.group(2), m.group(3))));
        if (wanted.phones()) {
            kinds.add(
                    Kind.item(
                            "(?<![\\d.])(\\d{2,4})-(\\d{2,4})-(\\d{3,4})(?![\\d.])",
                            m ->
                                    JapaneseNumbers.digits(m.group(1))
                                            + ", "
                                            + JapaneseNumbers.digits(m.group(2))
                                            + ", "
                                            + JapaneseNumbers.digits(m.group(3))));
        }
        kinds.add(
                Kind.sign(
                        "(?<=\\d)\\s?([-−+×*÷])\\s?(?=\\d{1,20}(?:\\.\\d{1,20})?\\s?=)",
                        m -> operator(m.group(1))));
        kinds.add(Kind.sign("(?<=[\\d)])\\s?([+×*÷])\\s?(?=[\\d(])", m -> operator(m.group(1))));
        kinds.add(Kind.sign("\\s?=\\s?(?=[-−]?\\d)", m -> " ワ "));
        kinds.add(Kind.sign("(?<=\\d)[:：](?=\\d)", m -> "タイ "));
        kinds.add(
                Kind.item(
                        "(?<![\\d/])(\\d{1,4})/(\\d{1,4})(?![\\d/])",
                        m ->
                                JapaneseNumbers.number(m.group(2))
                                        + "ブンノ "
                                        + JapaneseNumbers.number(m.group(1))));
        kinds.add(Kind.sign("(?<=[\\d%度円万億歳人個回分時日月年])\\s?[-~～〜–]\\s?(?=[¥$€£]?\\d)", m -> "から"));
        kinds.add(Kind.sign("(?<!\\w)[-−](?=\\d)", m -> "マイナス"));
        kinds.add(
                Kind.item(
                        CURRENCY + "\\s?" + NUMBER + "([万億]?)" + KANA,
                        m -> money(m.group(2), m.group(3), m.group(1)) + space(m)));
        kinds.add(
                Kind.item(
                        NUMBER + "([万億])円" + KANA,
                        m -> money(m.group(1), m.group(2), "¥") + space(m)));
        kinds.add(
                Kind.item(
                        NUMBER + "([万億]?)\\s?" + CURRENCY + KANA,
                        m -> money(m.group(1), m.group(2), m.group(3)) + space(m)));
        kinds.add(
                Kind.item(
                        NUMBER + "\\s?%" + KANA,
                        m -> JapaneseNumbers.number(m.group(1)) + "パーセント" + space(m)));
        if (wanted.units()) {
            kinds.add(
                    Kind.item(
                            NUMBER
                                    + "\\s?(?![GM](?![A-Za-z]))((?i:km/h|km[²2]|m[²2³3]|km|cm|mm|kg|mg|ml|ghz|mhz|hz|kw|gb|mb|kb|tb|°C|m|g|l|w)|°)(?![A-Za-z0-9])"
                                    + KANA,
                            m ->
                                    JapaneseNumbers.number(m.group(1))
                                            + UNITS.get(m.group(2).toLowerCase(Locale.ROOT))
                                            + space(m)));
        }
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{1,9})分の(\\d{1,9})(?!\\d)",
                        m ->
                                JapaneseNumbers.number(m.group(1))
                                        + "ブンノ"
                                        + JapaneseNumbers.number(m.group(2))));
        kinds.add(
                Kind.item(
                        NUMBER + "(" + JapaneseNumbers.COUNTERS + ")" + KANA,
                        m -> JapaneseNumbers.counted(m.group(1), m.group(2)) + space(m)));
        kinds.add(Kind.item(NUMBER, m -> JapaneseNumbers.number(m.group(1))));
        return new EasternItems(kinds);
    }

    private static String operator(String sign) {
        return Objects.requireNonNull(OPERATORS.get(sign));
    }

    private static String version(String written) {
        return Stream.of(written.split("\\."))
                .map(JapaneseNumbers::number)
                .collect(Collectors.joining("テン "));
    }

    private static String money(String number, String scale, String currency) {
        String unit = MONEY.getOrDefault(currency, currency);
        if (!scale.isEmpty()) {
            String of = unit.equals("円") ? "エン" : unit;
            return JapaneseNumbers.counted(number, scale) + of;
        }
        return unit.equals("円")
                ? JapaneseNumbers.counted(number, unit)
                : JapaneseNumbers.number(number) + unit;
    }

    private static String space(MatchResult match) {
        return match.group(match.groupCount()) == null ? "" : " ";
    }

    private static String counted(String number, String counter) {
        return JapaneseNumbers.counted(NumberWords.unpadded(number), counter);
    }

    private static String monthAndDay(String month, @Nullable String day) {
        return counted(month, "月") + (day == null ? "" : " " + counted(day, "日"));
    }

    private static String time(String hour, String minute, @Nullable String second) {
        String kana = counted(hour, "時");
        if (!minute.equals("00") || second != null) {
            kana += minute.equals("00") ? "ゼロフン" : counted(minute, "分");
        }
        return second == null ? kana : kana + counted(second, "秒");
    }
}
