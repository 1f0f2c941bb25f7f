package dev.parlo.server.vad;

import dev.parlo.engine.vad.VadOptions;

/**
 * Whether a transcription hears the speech of the audio alone, and how that is found.
 *
 * @param on false: it hears all of the audio
 * @param strategy OpenAI's way to ask for it
 * @param parameters faster-whisper's, which go first
 */
public record SpeechFilter(boolean on, VadParameters strategy, VadParameters parameters) {
    /** Longest stretch in seconds that is decoded as one window. */
    private static final double WINDOW = 30;

    /** All of the audio is heard. */
    public static SpeechFilter off() {
        return new SpeechFilter(false, new VadParameters(), new VadParameters());
    }

    /** For windows that follow each other through the speech. */
    public VadOptions sequential() {
        return parameters.over(strategy.over(VadOptions.FILTER));
    }

    /** For windows that are decoded beside each other: no stretch is longer than one. */
    public VadOptions batched() {
        VadOptions asked = parameters.over(strategy.over(VadOptions.BATCHED));
        return new VadOptions(
                asked.threshold(),
                asked.negThreshold(),
                asked.minSpeechDurationMs(),
                Math.min(WINDOW, asked.maxSpeechDurationS()),
                asked.minSilenceDurationMs(),
                asked.speechPadMs());
    }
}
