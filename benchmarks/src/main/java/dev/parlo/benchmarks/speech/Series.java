package dev.parlo.benchmarks.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values of one thing, measured again and again. Thread-safe. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    synchronized void add(double value) {
        values.add(value);
    }

    /** The value below which a share of all lies; 0.5 is the median. */
    synchronized double quantile(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double at = share * (sorted.size() - 1);
        int low = (int) at;
        int high = Math.min(low + 1, sorted.size() - 1);
        return sorted.get(low) + (at - low) * (sorted.get(high) - sorted.get(low));
    }

    synchronized int count() {
        return values.size();
    }

    double median() {
        return quantile(0.5);
    }

    static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
