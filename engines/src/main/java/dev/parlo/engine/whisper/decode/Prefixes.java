package dev.parlo.engine.whisper.decode;

import java.util.Arrays;

/** A forced prefix that leaves no room for more is the whole answer. */
final class Prefixes {
    private Prefixes() {}

    static boolean fill(WindowTask task) {
        return task.prefix().length >= task.maxTokens();
    }

    static Hypothesis cut(WindowTask task) {
        return Hypothesis.forced(Arrays.copyOf(task.prefix(), task.maxTokens()));
    }
}
