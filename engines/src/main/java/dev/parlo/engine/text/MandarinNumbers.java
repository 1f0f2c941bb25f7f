package dev.parlo.engine.text;

/** Numbers in Chinese characters, as they are read in Mandarin. */
final class MandarinNumbers {
    private static final String DIGITS = "零一二三四五六七八九";
    private static final String[] UNITS = {"", "十", "百", "千"};
    private static final String[] SCALES = {"", "万", "亿", "万亿"};
    private static final int MAX_DIGITS = 16;

    private MandarinNumbers() {}

    /** Digit by digit; what is no digit is left out. */
    static String digits(String text) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 10);
            if (digit >= 0) {
                words.append(DIGITS.charAt(digit));
            }
        }
        return words.toString();
    }

    /** A number, perhaps with commas and a decimal point; very long ones digit by digit. */
    static String number(String text) {
        String plain = text.replace(",", "");
        int point = plain.indexOf('.');
        String whole = point < 0 ? plain : plain.substring(0, point);
        String words =
                whole.length() > MAX_DIGITS || whole.length() > 1 && whole.charAt(0) == '0'
                        ? digits(whole)
                        : cardinal(whole);
        return point < 0 ? words : words + "点" + digits(plain.substring(point + 1));
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
                words.append(DIGITS.charAt(digit)).append(UNITS[four.length() - 1 - i]);
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
