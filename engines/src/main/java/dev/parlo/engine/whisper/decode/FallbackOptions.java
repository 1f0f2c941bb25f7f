package dev.parlo.engine.whisper.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When an answer is good enough; a null threshold is disabled.
 *
 * @param temperatures to try in turn, at least one
 * @param compressionRatioThreshold above it the text repeats itself
 * @param logProbThreshold below it the answer is a guess
 * @param noSpeechThreshold above it a guess is taken for silence and accepted
 */
public record FallbackOptions(
        List<Double> temperatures,
        @Nullable Double compressionRatioThreshold,
        @Nullable Double logProbThreshold,
        @Nullable Double noSpeechThreshold) {
    public FallbackOptions {
        temperatures = List.copyOf(temperatures);
    }
}
