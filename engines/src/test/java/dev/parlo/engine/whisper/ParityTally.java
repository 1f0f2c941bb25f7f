package dev.parlo.engine.whisper;

import java.util.Locale;

/** How many of how many. */
final class ParityTally {
    private int good;
    private int all;

    void add(boolean same) {
        good += same ? 1 : 0;
        all++;
    }

    double share() {
        return all == 0 ? 1 : good / (double) all;
    }

    /** Prints it as a line of {@code docs/accuracy.md}'s figures. */
    void report(String what) {
        System.out.printf(
                Locale.ROOT, "PARITY %s: %d of %d (%.1f %%)%n", what, good, all, 100 * share());
    }
}
