package dev.parlo.server.doctor;

import java.util.Locale;

/** Amounts of memory as people write them. */
final class Units {
    private Units() {}

    static String bytes(long bytes) {
        return bytes >= 1L << 30
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30))
                : String.format(Locale.ROOT, "%.0f MiB", bytes / (double) (1L << 20));
    }
}
