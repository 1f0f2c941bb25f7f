package dev.parlo.server.metrics;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of a label, as many as there may be: each becomes time series that are never removed.
 * Thread-safe.
 */
final class LabelValues {
    /** In the place of what comes after the last one that is kept. */
    static final String OTHER = "other";

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final int most;

    /**
     * @param most different values; a few more where several come at the same moment
     */
    LabelValues(int most) {
        this.most = most;
    }

    String of(String value) {
        if (known.contains(value)) {
            return value;
        }
        if (known.size() >= most) {
            return OTHER;
        }
        known.add(value);
        return value;
    }
}
