package dev.parlo.engine;

/**
 * What a finished speech amounted to.
 *
 * @param samples samples handed to the sink
 * @param sampleRate samples per second
 * @param inputTokens phoneme tokens for a neural model, characters for espeak-ng
 * @param chunks how many times the model ran
 */
public record SpeechSummary(long samples, int sampleRate, int inputTokens, int chunks) {
    /** {@return how long the speech is} */
    public double seconds() {
        return (double) samples / sampleRate;
    }
}
