package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.window.EncodedWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Asks the decoder which language is spoken in a window, or in several. */
final class LanguageDetector {
    private final int startOfTranscript;
    private final Map<String, Integer> languages;

    /**
     * @param choices languages that it may be; empty for all of the vocabulary
     */
    LanguageDetector(Vocabulary vocabulary, List<String> choices) {
        this.startOfTranscript = vocabulary.startOfTranscript();
        languages = new LinkedHashMap<>(vocabulary.languages());
        if (!choices.isEmpty()) {
            languages.keySet().retainAll(choices);
        }
    }

    /**
     * What was found.
     *
     * @param probabilities of every language that it may be, likeliest first; they sum to 1
     */
    record Detected(String language, double probability, Map<String, Double> probabilities) {}

    /**
     * The language that is not detected: of a model that knows one only, of the request, or the one
     * that a model was tuned to.
     */
    static Optional<Detected> given(ModelTokens model, TranscribeOptions options) {
        if (!model.multilingual()) {
            return Optional.of(new Detected("en", 1, Map.of()));
        }
        String named = options.language();
        if (named == null && options.languages().isEmpty()) {
            named = model.defaultLanguage();
        }
        return Optional.ofNullable(named).map(language -> new Detected(language, 1, Map.of()));
    }

    /**
     * Looks at windows one after another until one is sure enough; if none is, most windows win.
     *
     * @param contentFrames mel frames of the recording
     * @param start first mel frame
     * @param threshold probability from which a window decides; null takes the first
     * @param windows most windows to look at
     */
    Detected detect(
            RecordingWindows recording,
            int contentFrames,
            int start,
            @Nullable Double threshold,
            int windows,
            Cancellation cancellation) {
        List<Detected> unsure = new ArrayList<>();
        int from = start;
        do {
            cancellation.check();
            int frames = Math.min(MelSpectrogram.WINDOW, contentFrames - from);
            Detected detected = detect(recording.encode(from, frames));
            if (threshold == null || detected.probability() > threshold) {
                return detected;
            }
            unsure.add(detected);
            from += MelSpectrogram.WINDOW;
        } while (unsure.size() < windows && from < contentFrames);
        return majority(unsure);
    }

    /** Detects the language of one window. */
    Detected detect(EncodedWindow window) {
        List<String> names = List.copyOf(languages.keySet());
        int[] ids = languages.values().stream().mapToInt(Integer::intValue).toArray();
        double[] found = window.detectLanguage(startOfTranscript, ids);
        Map<String, Double> probabilities = new LinkedHashMap<>();
        IntStream.range(0, ids.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -found[i]))
                .forEach(i -> probabilities.put(names.get(i), found[i]));
        Map.Entry<String, Double> best = probabilities.entrySet().iterator().next();
        return new Detected(best.getKey(), best.getValue(), probabilities);
    }

    private static Detected majority(List<Detected> windows) {
        Map<String, Integer> votes = new LinkedHashMap<>();
        Map<String, Double> likeliest = new LinkedHashMap<>();
        for (Detected window : windows) {
            votes.merge(window.language(), 1, Integer::sum);
            likeliest.merge(window.language(), window.probability(), Math::max);
        }
        String winner = windows.getFirst().language();
        for (Map.Entry<String, Integer> entry : votes.entrySet()) {
            if (entry.getValue() > votes.getOrDefault(winner, 0)) {
                winner = entry.getKey();
            }
        }
        return new Detected(
                winner, likeliest.getOrDefault(winner, 0.0), windows.getLast().probabilities());
    }
}
