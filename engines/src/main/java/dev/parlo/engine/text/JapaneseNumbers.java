package dev.parlo.engine.text;

import java.util.List;
import java.util.Map;

/**
 * Japanese numbers as they are heard, in katakana with long vowels marked, alone or with what is
 * counted: the sounds between the two change (san-byaku, rop-pon, hito-ri).
 */
final class JapaneseNumbers {
    private static final List<String> DIGITS =
            List.of("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー");
    private static final String[] SCALES = {"", "マン", "オク", "チョー", "ケー"};
    private static final NumberWords WORDS =
            new NumberWords(DIGITS, "テン", 20, JapaneseNumbers::cardinal);

    /** Counters whose first sound doubles after 1, 6, 8, 10 and 100. */
    private static final Map<String, String> K_COUNTERS =
            Map.of(
                    "個", "コ", "回", "カイ", "階", "カイ", "か月", "カゲツ", "ヶ月", "カゲツ", "カ月", "カゲツ", "か国",
                    "カコク", "件", "ケン", "曲", "キョク", "キロ", "キロ");

    /** Counters whose first sound doubles after 1, 8 and 10. */
    private static final Map<String, String> S_COUNTERS =
            Map.of(
                    "歳", "サイ", "才", "サイ", "冊", "サツ", "週間", "シューカン", "章", "ショー", "点", "テン", "頭",
                    "トー", "通", "ツー", "社", "シャ", "兆", "チョー");

    /** Counters in h, which becomes p or b. */
    private static final Map<String, String> H_COUNTERS =
            Map.of("本", "ホン", "分間", "フンカン", "分", "フン", "匹", "ヒキ", "杯", "ハイ", "泊", "ハク");

    /** Counters that change nothing but may want another four, seven or nine. */
    private static final Map<String, String> PLAIN_COUNTERS =
            Map.ofEntries(
                    Map.entry("円", "エン"),
                    Map.entry("年間", "ネンカン"),
                    Map.entry("年", "ネン"),
                    Map.entry("時間", "ジカン"),
                    Map.entry("時", "ジ"),
                    Map.entry("月", "ガツ"),
                    Map.entry("人", "ニン"),
                    Map.entry("名", "メー"),
                    Map.entry("枚", "マイ"),
                    Map.entry("台", "ダイ"),
                    Map.entry("番", "バン"),
                    Map.entry("番目", "バンメ"),
                    Map.entry("位", "イ"),
                    Map.entry("号", "ゴー"),
                    Map.entry("行", "ギョー"),
                    Map.entry("世紀", "セーキ"),
                    Map.entry("割", "ワリ"),
                    Map.entry("学期", "ガッキ"),
                    Map.entry("年生", "ネンセー"),
                    Map.entry("度", "ド"),
                    Map.entry("秒", "ビョー"),
                    Map.entry("倍", "バイ"),
                    Map.entry("万", "マン"),
                    Map.entry("億", "オク"));

    private static final Map<Integer, String> DAYS =
            Map.ofEntries(
                    Map.entry(1, "ツイタチ"),
                    Map.entry(2, "フツカ"),
                    Map.entry(3, "ミッカ"),
                    Map.entry(4, "ヨッカ"),
                    Map.entry(5, "イツカ"),
                    Map.entry(6, "ムイカ"),
                    Map.entry(7, "ナノカ"),
                    Map.entry(8, "ヨーカ"),
                    Map.entry(9, "ココノカ"),
                    Map.entry(10, "トーカ"),
                    Map.entry(14, "ジューヨッカ"),
                    Map.entry(20, "ハツカ"),
                    Map.entry(24, "ニジューヨッカ"));
    private static final List<String> THINGS =
            List.of("", "ヒトツ", "フタツ", "ミッツ", "ヨッツ", "イツツ", "ムッツ", "ナナツ", "ヤッツ", "ココノツ");

    /** Everything that {@link #counted} knows, the longest first. */
    static final String COUNTERS =
            "分間|年間|年生|時間|週間|番目|世紀|学期|か月|ヶ月|カ月|か国|キロ|位|号|行|割|個|回|階|件|曲|歳|才|冊|章|点|頭|通|社|兆|本|分|匹|杯|泊|円|年|時|月|日|人|名|枚|台|番|度|秒|倍|万|億|つ";

    private JapaneseNumbers() {}

    /** As {@link NumberWords#spelled}. */
    static String digits(String text) {
        return WORDS.spelled(text);
    }

    /** As {@link NumberWords#number}. */
    static String number(String text) {
        return WORDS.number(text);
    }

    /** A whole number without a leading zero. */
    private static String cardinal(String whole) {
        StringBuilder kana = new StringBuilder();
        for (int group = (whole.length() + 3) / 4 - 1; group >= 0; group--) {
            int end = whole.length() - 4 * group;
            int value = Integer.parseInt(whole.substring(Math.max(0, end - 4), end));
            if (value == 0) {
                continue;
            }
            String four = group > 0 && value / 1000 == 1 ? "イッ" + below(value) : below(value);
            kana.append(group == 3 || group == 4 ? doubled(four, group == 4) : four)
                    .append(SCALES[group]);
        }
        return kana.isEmpty() ? "ゼロ" : kana.toString();
    }

    private static String below(int value) {
        int thousands = value / 1000;
        int hundreds = value / 100 % 10;
        int tens = value / 10 % 10;
        return switch (thousands) {
                    case 0 -> "";
                    case 1 -> "セン";
                    case 3 -> "サンゼン";
                    case 8 -> "ハッセン";
                    default -> DIGITS.get(thousands) + "セン";
                }
                + switch (hundreds) {
                    case 0 -> "";
                    case 1 -> "ヒャク";
                    case 3 -> "サンビャク";
                    case 6 -> "ロッピャク";
                    case 8 -> "ハッピャク";
                    default -> DIGITS.get(hundreds) + "ヒャク";
                }
                + switch (tens) {
                    case 0 -> "";
                    case 1 -> "ジュー";
                    default -> DIGITS.get(tens) + "ジュー";
                }
                + (value % 10 == 0 ? "" : DIGITS.get(value % 10));
    }

    /** A number and what is counted; the number may have a decimal point. */
    static String counted(String number, String counter) {
        String kana = number(number);
        boolean whole = number.indexOf('.') < 0;
        int value = whole && number.length() < 9 ? Integer.parseInt(number.replace(",", "")) : -1;
        if (counter.equals("日") && value >= 0) {
            return DAYS.containsKey(value) ? DAYS.get(value) : kana + "ニチ";
        }
        if (counter.equals("つ")) {
            return value > 0 && value < THINGS.size() ? THINGS.get(value) : kana + "ツ";
        }
        if (counter.equals("人") && (value == 1 || value == 2)) {
            return value == 1 ? "ヒトリ" : "フタリ";
        }
        String k = K_COUNTERS.get(counter);
        if (k != null) {
            boolean thirdFloor = counter.equals("階") && kana.endsWith("サン");
            return doubled(kana, true) + (thirdFloor ? "ガイ" : k);
        }
        String s = S_COUNTERS.get(counter);
        if (s != null) {
            return doubled(kana, false) + s;
        }
        String h = H_COUNTERS.get(counter);
        if (h != null) {
            return withH(kana, h);
        }
        return other(kana, counter) + PLAIN_COUNTERS.getOrDefault(counter, counter);
    }

    /** The last sound cut short before a consonant that doubles. */
    private static String doubled(String kana, boolean all) {
        if (kana.endsWith("イチ") || kana.endsWith("ハチ")) {
            return kana.substring(0, kana.length() - 1) + "ッ";
        }
        if (kana.endsWith("ジュー")) {
            return kana.substring(0, kana.length() - 1) + "ッ";
        }
        if (all && (kana.endsWith("ロク") || kana.endsWith("ャク"))) {
            return kana.substring(0, kana.length() - 1) + "ッ";
        }
        return kana;
    }

    private static String withH(String kana, String counter) {
        String doubled = doubled(kana, true);
        if (!doubled.equals(kana)) {
            return doubled + shifted(counter, "パピプペポ");
        }
        if (kana.endsWith("サン") || kana.endsWith("セン") || kana.endsWith("マン")) {
            boolean p = counter.startsWith("フ") || counter.startsWith("ハク");
            return kana + shifted(counter, p ? "パピプペポ" : "バビブベボ");
        }
        if (kana.endsWith("ヨン") && (counter.startsWith("フ") || counter.startsWith("ハク"))) {
            return kana + shifted(counter, "パピプペポ");
        }
        return kana + counter;
    }

    private static String shifted(String counter, String row) {
        return row.charAt("ハヒフヘホ".indexOf(counter.charAt(0))) + counter.substring(1);
    }

    private static String other(String kana, String counter) {
        boolean hour = counter.startsWith("時");
        if (kana.endsWith("ヨン") && counter.equals("月")) {
            return kana.substring(0, kana.length() - 2) + "シ";
        }
        if (kana.endsWith("ヨン") && (hour || "年間円人".contains(counter))) {
            return kana.substring(0, kana.length() - 1);
        }
        if (kana.endsWith("ナナ") && (counter.equals("月") || counter.equals("時"))) {
            return kana.substring(0, kana.length() - 2) + "シチ";
        }
        if (kana.endsWith("キュー") && (counter.equals("月") || hour)) {
            return kana.substring(0, kana.length() - 3) + "ク";
        }
        return kana;
    }
}
