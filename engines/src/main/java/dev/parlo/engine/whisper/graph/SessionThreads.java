package dev.parlo.engine.whisper.graph;

import java.util.Locale;

/**
 * Threads of one session.
 *
 * @param count threads that compute one run, 1 or more
 * @param spinning whether they wait for work by spinning: a little faster alone, wasteful beside
 *     others
 */
public record SessionThreads(int count, boolean spinning) {
    public SessionThreads {
        if (count < 1) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%d threads; at least 1 is needed", count));
        }
    }
}
