package dev.parlo.engine.whisper.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Decodes a window at rising temperatures until the answer is good enough. As faster-whisper's
 * {@code generate_with_fallback}. Judging an answer takes its text apart and compresses it, so this
 * runs on the request's thread, while other windows' steps go on; a further temperature is another
 * search of the same encoded window. Used by one thread.
 */
public final class TemperatureFallback {
    private final FallbackOptions options;
    private final DoubleFunction<? extends WindowSearch> searchAt;
    private final ToDoubleFunction<int[]> compressionRatio;

    /**
     * One temperature's answer.
     *
     * @param compressionRatio of its text
     */
    public record Attempt(DecodedWindow window, double temperature, double compressionRatio) {}

    /**
     * @param searchAt makes a new search for a temperature
     * @param compressionRatio of the text of tokens
     */
    public TemperatureFallback(
            FallbackOptions options,
            DoubleFunction<? extends WindowSearch> searchAt,
            ToDoubleFunction<int[]> compressionRatio) {
        this.options = options;
        this.searchAt = searchAt;
        this.compressionRatio = compressionRatio;
    }

    /**
     * Decodes.
     *
     * @param decode runs a search of the window to its end
     * @return the accepted attempt, or the likeliest where none was: among those that do not repeat
     *     themselves, if there is any, and with the last temperature, which resets the prompt
     */
    public Attempt run(Function<? super WindowSearch, DecodedWindow> decode) {
        List<Attempt> attempts = new ArrayList<>();
        for (double temperature : options.temperatures()) {
            DecodedWindow window = decode.apply(searchAt.apply(temperature));
            double ratio = compressionRatio.applyAsDouble(window.tokens());
            Attempt attempt = new Attempt(window, temperature, ratio);
            if (isAcceptable(attempt)) {
                return attempt;
            }
            attempts.add(attempt);
        }
        return likeliest(attempts);
    }

    private Attempt likeliest(List<Attempt> attempts) {
        List<Attempt> fluent = attempts.stream().filter(a -> !repeats(a)).toList();
        List<Attempt> candidates = fluent.isEmpty() ? attempts : fluent;
        Attempt best = candidates.getFirst();
        for (Attempt attempt : candidates) {
            if (attempt.window().averageLogProbability() > best.window().averageLogProbability()) {
                best = attempt;
            }
        }
        return new Attempt(
                best.window(), attempts.getLast().temperature(), best.compressionRatio());
    }

    private boolean isAcceptable(Attempt attempt) {
        Double logProbThreshold = options.logProbThreshold();
        Double noSpeechThreshold = options.noSpeechThreshold();
        boolean guess =
                logProbThreshold != null
                        && attempt.window().averageLogProbability() < logProbThreshold;
        boolean silence =
                noSpeechThreshold != null
                        && guess
                        && attempt.window().noSpeechProbability() > noSpeechThreshold;
        return silence || !(repeats(attempt) || guess);
    }

    private boolean repeats(Attempt attempt) {
        Double threshold = options.compressionRatioThreshold();
        return threshold != null && attempt.compressionRatio() > threshold;
    }
}
