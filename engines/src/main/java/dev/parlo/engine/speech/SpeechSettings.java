package dev.parlo.engine.speech;

/**
 * How much of the machine a neural speech engine may use.
 *
 * @param threads of one run of the model
 * @param parallel runs at the same time
 * @param maxRequests requests under way or waiting; more are refused as OVERLOADED
 * @param observer is told of every run
 */
public record SpeechSettings(int threads, int parallel, int maxRequests, RunObserver observer) {
    public SpeechSettings {
        if (threads < 1 || parallel < 1 || maxRequests < 1) {
            throw new IllegalArgumentException(
                    "threads, parallel and maxRequests must be at least 1");
        }
    }

    public SpeechSettings(int threads, int parallel, int maxRequests) {
        this(threads, parallel, maxRequests, RunObserver.NONE);
    }
}
