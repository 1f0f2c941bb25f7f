package dev.parlo.engine;

import java.util.Map;

/**
 * What a transcription says of the whole audio; the segments went to the sink.
 *
 * @param language ISO code, such as {@code en}
 * @param languageProbability 1 when it was given or the model knows only one
 * @param durationSeconds of the whole audio
 * @param languageProbabilities of every language, empty where none was detected
 */
public record Transcript(
        String language,
        double languageProbability,
        double durationSeconds,
        Map<String, Double> languageProbabilities) {

    /**
     * {@return the same of audio of another length}
     *
     * @param seconds of the whole audio
     */
    public Transcript withDuration(double seconds) {
        return new Transcript(language, languageProbability, seconds, languageProbabilities);
    }
}
