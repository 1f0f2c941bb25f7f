package dev.parlo.engine.text;

/** Numbers in Chinese characters, as they are read in Mandarin. */
final class MandarinNumbers {
    private static final String DIGITS = "零一二三四五六七八九";
    private static final String[] UNITS = {"", "十", "百", "千"};
    private static final String[] SCALES = {"", "万", "亿", "万亿"};
    private static final NumberWords WORDS =
            new NumberWords(
                    DIGITS.chars().mapToObj(Character::toString).toList(),
                    "点",
                    16,
                    MandarinNumbers::cardinal);

    private MandarinNumbers() {}

    /** As {@link NumberWords#spelled}. */
    static String digits(String text) {
        return WORDS.spelled(text);
    }

    /** As {@link NumberWords#number}. */
    static String number(String text) {
        return WORDS.number(text);
    }

    private static String cardinal(String whole) {
        StringBuilder words = new StringBuilder();
        boolean gap = false;
        int groups = (whole.length() + 3) / 4;
        for (int group = groups - 1; group >= 0; group--) {
            int end = whole.length() - 4 * group;
            String four = whole.substring(Math.max(0, end - 4), end);
            boolean any = false;
            for (int i = 0; i < four.length(); i++) {
                int digit = four.charAt(i) - '0';
                if (digit == 0) {
                    gap = !words.isEmpty();
                    continue;
                }
                if (gap) {
                    words.append('零');
                    gap = false;
                }
                boolean two =
                        digit == 2
                                && (four.length() - 1 - i == 3
                                        || group > 0 && four.length() == 1 && words.isEmpty());
                words.append(two ? '两' : DIGITS.charAt(digit)).append(UNITS[four.length() - 1 - i]);
                any = true;
            }
            if (any) {
                words.append(SCALES[group]);
                // zeros at the end of a group are not heard
                gap = false;
            }
        }
        if (words.isEmpty()) {
            return "零";
        }
        String result = words.toString();
        return result.startsWith("一十") ? result.substring(1) : result;
    }
}
