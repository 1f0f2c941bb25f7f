package dev.parlo.engine.whisper.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * Decodes a window at rising temperatures until the answer is good enough, on the same slot: the
 * encoder does not run again. As faster-whisper's {@code generate_with_fallback}.
 */
public final class TemperatureFallback implements WindowDecoder {
    private final FallbackOptions options;
    private final DoubleFunction<? extends WindowSearch> searchAt;
    private final ToDoubleFunction<int[]> compressionRatio;
    private final List<Attempt> attempts = new ArrayList<>();
    private WindowSearch search;
    private boolean accepted;

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
        search = searchAt.apply(options.temperatures().getFirst());
    }

    @Override
    public boolean isDone() {
        return attempts.size() == options.temperatures().size() || accepted;
    }

    @Override
    public List<StepRow> nextRows() {
        return search.nextRows();
    }

    @Override
    public List<RowCopy> accept(List<StepResult> results) {
        List<RowCopy> copies = search.accept(results);
        if (!search.isDone()) {
            return copies;
        }
        DecodedWindow window = search.result();
        double temperature = options.temperatures().get(attempts.size());
        Attempt attempt =
                new Attempt(window, temperature, compressionRatio.applyAsDouble(window.tokens()));
        attempts.add(attempt);
        accepted = isAcceptable(attempt);
        if (!isDone()) {
            search = searchAt.apply(options.temperatures().get(attempts.size()));
        }
        return List.of(); // the next attempt writes its own rows from the start
    }

    /**
     * The accepted attempt, or the likeliest where none was: among those that do not repeat
     * themselves, if there is any, and with the last temperature, which resets the prompt.
     */
    public Attempt result() {
        if (accepted) {
            return attempts.getLast();
        }
        List<Attempt> candidates = attempts.stream().filter(a -> !repeats(a)).toList();
        Attempt best = null;
        for (Attempt attempt : candidates.isEmpty() ? attempts : candidates) {
            if (best == null
                    || attempt.window().averageLogProbability()
                            > best.window().averageLogProbability()) {
                best = attempt;
            }
        }
        if (best == null) {
            throw new IllegalStateException("The window was not decoded.");
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
