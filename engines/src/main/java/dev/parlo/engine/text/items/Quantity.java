package dev.parlo.engine.text.items;

/**
 * A number as it is written, in digits 0 to 9.
 *
 * @param negative whether a minus stands before it
 * @param whole the digits before the decimal point, at least one; zeros at its beginning stay
 * @param fraction the digits behind the point, or empty
 * @param grouped whether its thousands were set apart, so that it is neither a year nor a code
 */
public record Quantity(boolean negative, String whole, String fraction, boolean grouped) {
    /** A whole number as it stands. */
    public static Quantity of(String digits) {
        return new Quantity(false, ascii(digits), "", false);
    }

    public Quantity {
        if (whole.isEmpty()) {
            throw new IllegalArgumentException("a number without digits");
        }
    }

    public Quantity negated() {
        return new Quantity(true, whole, fraction, grouped);
    }

    public boolean isWhole() {
        return fraction.isEmpty();
    }

    /** Whether it is exactly one, of which a unit has its singular. */
    public boolean isOne() {
        return isWhole() && whole.equals("1");
    }

    /** The whole part where it has at most nine digits, else -1. */
    public int small() {
        return whole.length() <= 9 ? Integer.parseInt(whole) : -1;
    }

    /** Four digits that nothing sets apart: perhaps a year. */
    public boolean bareFour() {
        return isWhole() && whole.length() == 4 && !grouped && whole.charAt(0) != '0';
    }

    /** The digits of any script as 0 to 9. */
    static String ascii(String digits) {
        StringBuilder ascii = new StringBuilder(digits.length());
        digits.codePoints().forEach(c -> ascii.append((char) ('0' + Character.digit(c, 10))));
        return ascii.toString();
    }
}
