package dev.parlo.engine.whisper;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.decode.BeamSearch;
import dev.parlo.engine.whisper.decode.FallbackOptions;
import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.TemperatureFallback;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** How the windows of one request are decoded: the options turned into rules and searches. */
final class DecodePlan {
    private final TranscribeOptions options;
    private final WhisperTokenizer tokenizer;
    private final LogitRules rules;
    private final FallbackOptions fallback;
    private final RandomGenerator random;

    DecodePlan(ModelTokens model, TranscribeOptions options) {
        this.options = options;
        tokenizer = model.tokenizer();
        TokenIds ids = model.ids();
        boolean timestamps = !options.withoutTimestamps();
        int[] atBegin = options.suppressBlank() ? model.suppressedAtBegin() : new int[0];
        SuppressRules suppress =
                new SuppressRules(ids, suppressed(model, options), atBegin, timestamps);
        int maxInitial = (int) Math.rint(options.maxInitialTimestamp() / Vocabulary.TIME_PRECISION);
        rules =
                new LogitRules(
                        ids,
                        suppress,
                        timestamps,
                        maxInitial,
                        options.repetitionPenalty(),
                        options.noRepeatNgramSize());
        fallback =
                new FallbackOptions(
                        options.temperatures(),
                        options.compressionRatioThreshold(),
                        options.logProbThreshold(),
                        options.noSpeechThreshold());
        random =
                options.seed().isPresent()
                        ? new SplittableRandom(options.seed().getAsLong())
                        : new SplittableRandom();
    }

    /** The decoding of one window, with all its temperatures. */
    TemperatureFallback fallback(Prompt prompt) {
        WindowTask task =
                new WindowTask(
                        prompt.tokens(),
                        prompt.startOfTranscript(),
                        prompt.prefix(),
                        prompt.maxTokens(),
                        rules);
        return new TemperatureFallback(
                fallback,
                temperature -> search(task, temperature),
                tokens -> CompressionRatio.of(tokenizer.decode(tokens)));
    }

    private WindowSearch search(WindowTask task, double temperature) {
        double lengthPenalty = options.lengthPenalty();
        if (temperature > 0) {
            return GreedySearch.sampling(
                    task, temperature, options.bestOf(), lengthPenalty, random);
        }
        return options.beamSize() == 1
                ? GreedySearch.best(task, lengthPenalty)
                : new BeamSearch(task, options.beamSize(), options.patience(), lengthPenalty);
    }

    /** As faster-whisper's {@code get_suppressed_tokens}; an empty list suppresses nothing. */
    static int[] suppressed(ModelTokens model, TranscribeOptions options) {
        TreeSet<Integer> ids = new TreeSet<>();
        for (int id : options.suppressTokens()) {
            if (id >= 0) {
                ids.add(id);
            } else {
                for (int nonSpeech : model.nonSpeech()) {
                    ids.add(nonSpeech);
                }
            }
        }
        if (!options.suppressTokens().isEmpty()) {
            Vocabulary vocabulary = model.tokenizer().vocabulary();
            ids.add(vocabulary.transcribe());
            ids.add(vocabulary.translate());
            ids.add(vocabulary.startOfTranscript());
            ids.add(vocabulary.startOfPrevious());
            ids.add(vocabulary.startOfLanguageModel());
            ids.add(vocabulary.noSpeech());
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
