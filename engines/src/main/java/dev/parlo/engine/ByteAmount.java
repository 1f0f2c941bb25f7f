package dev.parlo.engine;

import java.util.Locale;

/** Amounts of memory as messages and tables have them. */
public final class ByteAmount {
    private static final String[] UNITS = {"KiB", "MiB", "GiB"};

    private ByteAmount() {}

    /**
     * Three figures and the largest unit of 1,024 that leaves a whole: {@code 2.0 KiB}, {@code 512
     * MiB}, {@code 1.5 GiB}.
     *
     * @param bytes how many, 0 or more
     * @return the text, alike in every locale
     */
    public static String text(long bytes) {
        double amount = bytes / 1024.0;
        int unit = 0;
        while (Math.round(amount) >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(
                Locale.ROOT, amount < 99.95 ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
    }
}
