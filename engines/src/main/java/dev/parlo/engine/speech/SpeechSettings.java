package dev.parlo.engine.speech;

import dev.parlo.engine.admission.Admission;

/**
 * How much of the machine a neural speech engine may use.
 *
 * @param threads of one run of the model
 * @param admission the queue before the engine: how many runs at the same time, how many requests
 * @param runs is told of every run
 */
public record SpeechSettings(int threads, Admission admission, RunObserver runs) {
    public SpeechSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1");
        }
    }

    public SpeechSettings(int threads, Admission admission) {
        this(threads, admission, RunObserver.NONE);
    }
}
