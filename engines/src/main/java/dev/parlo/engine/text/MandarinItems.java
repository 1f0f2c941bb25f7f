package dev.parlo.engine.text;

import dev.parlo.engine.text.EasternItems.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kinds of items that a Mandarin text has, said in characters. Every repetition is bounded. */
final class MandarinItems {
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
                    Map.entry("gb", "吉字节"),
                    Map.entry("mb", "兆字节"),
                    Map.entry("kb", "千字节"),
                    Map.entry("tb", "太字节"),
                    Map.entry("kw", "千瓦"),
                    Map.entry("hz", "赫兹"),
                    Map.entry("ghz", "吉赫"),
                    Map.entry("mhz", "兆赫"),
                    Map.entry("m²", "平方米"),
                    Map.entry("km²", "平方公里"),
                    Map.entry("m³", "立方米"),
                    Map.entry("m2", "平方米"),
                    Map.entry("km2", "平方公里"),
                    Map.entry("m3", "立方米"),
                    Map.entry("°c", "摄氏度"),
                    Map.entry("°f", "华氏度"),
                    Map.entry("°", "度"));
    private static final Map<String, String> MONEY =
            Map.ofEntries(
                    Map.entry("¥", "元"),
                    Map.entry("RMB", "元"),
                    Map.entry("CNY", "元"),
                    Map.entry("$", "美元"),
                    Map.entry("US$", "美元"),
                    Map.entry("USD", "美元"),
                    Map.entry("HK$", "港元"),
                    Map.entry("NT$", "新台币"),
                    Map.entry("A$", "澳元"),
                    Map.entry("C$", "加元"),
                    Map.entry("€", "欧元"),
                    Map.entry("EUR", "欧元"),
                    Map.entry("£", "英镑"),
                    Map.entry("GBP", "英镑"),
                    Map.entry("JP¥", "日元"),
                    Map.entry("JPY", "日元"),
                    Map.entry("₩", "韩元"),
                    Map.entry("₹", "卢比"),
                    Map.entry("₽", "卢布"));
    private static final String CURRENCY =
            "((?:US|HK|NT|A|C)\\$|JP¥|[¥$€£₩₹₽]|(?<![A-Za-z])(?:RMB|CNY|USD|EUR|GBP|JPY)(?![A-Za-z]))";
    private static final String SCALE = "([万亿]?)";

    private static final Map<String, String> OPERATORS =
            Map.of("+", "加", "-", "减", "−", "减", "×", "乘", "*", "乘", "÷", "除以", "/", "除以");

    /** What two of are 两 rather than 二. */
    private static final String COUNTED =
            "个月|个|個|小时|小時|分钟|分鐘|公里|千米|年(?!级|級|代)|只|隻|条|條|本|张|張|件|种|種|位|天|次|人|周|岁|歲|倍|块|塊|点|點|家|辆|輛|台|名|杯|瓶|斤|公斤|座|层|層|句|首|部|场|場|米|元|美元|欧元|英镑|度";

    private MandarinItems() {}

    static EasternItems of(Normalization wanted) {
        List<Kind> kinds = new ArrayList<>();
        kinds.add(EasternItems.INITIALS);
        kinds.add(
                Kind.item(
                        NumberWords.DATE,
                        m -> year(m.group(1)) + "年" + n(m.group(2)) + "月" + n(m.group(3)) + "日"));
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{4})年(\\d{1,2})月(?:(\\d{1,2})([日号號]))?",
                        m ->
                                year(m.group(1))
                                        + "年"
                                        + monthAndDay(m.group(2), m.group(3), m.group(4))));
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{1,2})月(\\d{1,2})([日号號])",
                        m -> monthAndDay(m.group(1), m.group(2), m.group(3))));
        kinds.add(Kind.item("(?<!\\d)(\\d{4})(?=\\s?年)", m -> year(m.group(1))));
        // the first of two years
        kinds.add(
                Kind.item(
                        "(?<!\\d)(\\d{4})(?=\\s?[-~～–—至到]{1,2}\\s?\\d{4}\\s?年)",
                        m -> year(m.group(1))));
        kinds.add(Kind.item(NumberWords.VERSION, m -> version(m.group())));
        // a height: 1米75
        kinds.add(
                Kind.item(
                        "(?<!\\d)([12])米(\\d{2})(?![\\d.])",
                        m -> n(m.group(1)) + "米" + MandarinNumbers.digits(m.group(2))));
        // 90后, 00后: those born in these years
        kinds.add(Kind.item("(?<!\\d)([06789][05])(?=[后後](?![天来來年个個]))", m -> year(m.group(1))));
        kinds.add(Kind.item(NumberWords.CLOCK, m -> time(m.group(1), m.group(2), m.group(3))));
        if (wanted.phones()) {
            kinds.add(
                    Kind.item(
                            "(?<=(?:拨打|撥打|拨|撥|致电|致電|电话|電話|热线|熱線|号码|號碼)[:：是]?\\s?)(\\d{3,12})(?![\\d.-])",
                            m -> MandarinNumbers.digits(m.group(1))));
            kinds.add(
                    Kind.item(
                            "(?<![\\d.])\\+?(\\d{2,4}[- ]\\d{3,4}[- ]\\d{3,8}|1\\d{10}|0\\d{2,3}-?\\d{7,8})(?![\\d.])",
                            m -> MandarinNumbers.digits(m.group(1))));
        }
        kinds.add(
                Kind.sign(
                        "(?<=\\d)\\s?([-−+×*÷/])\\s?(?=\\d{1,20}(?:\\.\\d{1,20})?\\s?=)",
                        m -> operator(m.group(1))));
        kinds.add(Kind.sign("(?<=[\\d)])\\s?([+×*÷])\\s?(?=[\\d(])", m -> operator(m.group(1))));
        kinds.add(Kind.sign("\\s?=\\s?(?=[-−]?\\d)", m -> "等于"));
        kinds.add(Kind.sign("(?<=\\d)[:：](?=\\d)", m -> "比"));
        kinds.add(Kind.sign("(?<=[\\d%℃万亿元岁点])\\s?[-~～–—至]{1,2}\\s?(?=[¥$€£]?\\d)", m -> "到"));
        kinds.add(Kind.sign("(?<!\\w)[-−](?=\\d)", m -> "负"));
        kinds.add(
                Kind.item(
                        CURRENCY + "\\s?" + NUMBER + SCALE,
                        m ->
                                MandarinNumbers.number(m.group(2))
                                        + m.group(3)
                                        + MONEY.get(m.group(1))));
        kinds.add(
                Kind.item(
                        NUMBER + SCALE + "\\s?" + CURRENCY,
                        m ->
                                MandarinNumbers.number(m.group(1))
                                        + m.group(2)
                                        + MONEY.get(m.group(3))));
        kinds.add(Kind.item(NUMBER + "\\s?%", m -> "百分之" + MandarinNumbers.number(m.group(1))));
        if (wanted.units()) {
            kinds.add(
                    Kind.item(
                            NUMBER
                                    + "\\s?(?![GM](?![A-Za-z]))((?i:km/h|km[²2]|m[²2³3]|km|cm|mm|kg|mg|ml|ghz|mhz|hz|kw|gb|mb|kb|tb|°C|°F|m|g|l)|°)(?![A-Za-z0-9])",
                            m ->
                                    MandarinNumbers.number(m.group(1))
                                            + UNITS.get(m.group(2).toLowerCase(Locale.ROOT))));
        }
        kinds.add(
                Kind.item(
                        "(?<![\\d/])(\\d{1,4})/(\\d{1,4})(?![\\d/])",
                        m -> n(m.group(2)) + "分之" + n(m.group(1))));
        kinds.add(Kind.item("(?<![\\d.第])2(?=\\s?(?:" + COUNTED + "))", m -> "两"));
        kinds.add(Kind.item(NUMBER, m -> MandarinNumbers.number(m.group(1))));
        return new EasternItems(kinds);
    }

    private static String operator(String sign) {
        return Objects.requireNonNull(OPERATORS.get(sign));
    }

    private static String version(String written) {
        return Stream.of(written.split("\\."))
                .map(MandarinNumbers::number)
                .collect(Collectors.joining("点"));
    }

    private static String year(String digits) {
        return MandarinNumbers.digits(digits);
    }

    private static String n(String digits) {
        return MandarinNumbers.number(NumberWords.unpadded(digits));
    }

    private static String monthAndDay(String month, @Nullable String day, @Nullable String word) {
        return n(month) + "月" + (day == null ? "" : n(day) + word);
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
