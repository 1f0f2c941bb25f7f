package dev.parlo.engine.text.items;

/** Roman numerals as they are written now. */
final class RomanNotation {
    private RomanNotation() {}

    /** The value of a numeral in capitals from 1 to 3999, or 0 where it is written otherwise. */
    static int value(String written) {
        int value = 0;
        int previous = 0;
        for (int i = written.length() - 1; i >= 0; i--) {
            int digit =
                    switch (written.charAt(i)) {
                        case 'I' -> 1;
                        case 'V' -> 5;
                        case 'X' -> 10;
                        case 'L' -> 50;
                        case 'C' -> 100;
                        case 'D' -> 500;
                        case 'M' -> 1000;
                        default -> 0;
                    };
            if (digit == 0) {
                return 0;
            }
            value += digit < previous ? -digit : digit;
            previous = Math.max(previous, digit);
        }
        return value > 0 && value < 4000 && roman(value).equals(written) ? value : 0;
    }

    /** Whether a text is a numeral from 1 to 39 in capitals. */
    static boolean small(String written) {
        return !written.isEmpty()
                && written.length() <= 8
                && written.chars().allMatch(c -> "IVX".indexOf(c) >= 0)
                && value(written) > 0;
    }

    private static String roman(int value) {
        String[] signs = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
        int[] values = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
        StringBuilder roman = new StringBuilder();
        int rest = value;
        for (int i = 0; i < values.length; i++) {
            while (rest >= values[i]) {
                roman.append(signs[i]);
                rest -= values[i];
            }
        }
        return roman.toString();
    }
}
