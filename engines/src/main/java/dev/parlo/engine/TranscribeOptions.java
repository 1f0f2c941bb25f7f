package dev.parlo.engine;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Options of a transcription, with the names and defaults of faster-whisper 1.2.1's {@code
 * transcribe}. A null threshold is disabled. Immutable; change by {@link #toBuilder()}.
 *
 * @param language ISO code, null to detect
 * @param languages ISO codes to choose from when detecting; empty for all
 * @param task transcribe or translate
 * @param temperatures tried in turn; 0 is beam search (or greedy), above is sampling
 * @param initialPrompt text, null for none
 * @param promptTokens token ids instead of {@code initialPrompt}, null for none
 * @param suppressTokens -1 stands for the non-speech tokens
 * @param maxInitialTimestamp seconds
 * @param maxNewTokens null for the model's limit
 * @param chunkLengthSeconds null for 30
 * @param clipTimestamps pairs of seconds "start,end,…"; an odd count runs to the end
 * @param hallucinationSilenceThreshold seconds, null to disable
 * @param seed of the sampling; empty picks one
 * @param batchSize null transcribes one window after another, each prompted with the text before
 *     it; a number transcribes speech in chunks of at most 30 s, each by itself, so many of them at
 *     a time (as faster-whisper's {@code BatchedInferencePipeline})
 * @param audioContext 0 encodes every window as 30 s, silence after its audio included, as models
 *     were trained; a number of audio positions, of which a second has 50, as no more than so many
 *     where its audio needs no more; null for what the engine was set to
 * @param tokenLogProbabilities whether segments carry log-probabilities of their tokens
 */
public record TranscribeOptions(
        @Nullable String language,
        List<String> languages,
        Task task,
        int beamSize,
        int bestOf,
        double patience,
        double lengthPenalty,
        double repetitionPenalty,
        int noRepeatNgramSize,
        List<Double> temperatures,
        @Nullable Double compressionRatioThreshold,
        @Nullable Double logProbThreshold,
        @Nullable Double noSpeechThreshold,
        boolean conditionOnPreviousText,
        double promptResetOnTemperature,
        @Nullable String initialPrompt,
        int @Nullable [] promptTokens,
        @Nullable String prefix,
        boolean suppressBlank,
        List<Integer> suppressTokens,
        boolean withoutTimestamps,
        double maxInitialTimestamp,
        boolean wordTimestamps,
        String prependPunctuations,
        String appendPunctuations,
        boolean multilingual,
        @Nullable Integer maxNewTokens,
        @Nullable Integer chunkLengthSeconds,
        List<Double> clipTimestamps,
        @Nullable Double hallucinationSilenceThreshold,
        @Nullable String hotwords,
        @Nullable Double languageDetectionThreshold,
        int languageDetectionSegments,
        OptionalLong seed,
        @Nullable Integer batchSize,
        @Nullable Integer audioContext,
        boolean tokenLogProbabilities) {

    /** What to write: the spoken language, or English. */
    public enum Task {
        TRANSCRIBE,
        TRANSLATE
    }

    /** Of the encoder's output. */
    public static final int AUDIO_POSITIONS_PER_SECOND = 50;

    private static final int WINDOW_SECONDS = 30;

    /** The ladder that faster-whisper tries by default. */
    public static final List<Double> FALLBACK_TEMPERATURES = List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);

    public TranscribeOptions {
        languages = List.copyOf(languages);
        temperatures = List.copyOf(temperatures);
        suppressTokens = List.copyOf(suppressTokens);
        clipTimestamps = List.copyOf(clipTimestamps);
    }

    /**
     * How much of a window is computed by {@link #audioContext}: 30 seconds, or those of its audio
     * and one more, since a text that ends with the window is seldom closed by the model. Whole
     * seconds, so that there are few different ones, for each of which a runtime remembers how it
     * laid out its memory.
     *
     * @param heard seconds of audio in the window
     */
    public int windowSeconds(double heard) {
        if (audioContext == null || audioContext == 0) {
            return WINDOW_SECONDS;
        }
        int asked = Math.ceilDiv(audioContext, AUDIO_POSITIONS_PER_SECOND);
        return Math.min(WINDOW_SECONDS, Math.max((int) Math.ceil(heard) + 1, asked));
    }

    public static TranscribeOptions defaults() {
        return new Builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects options; every field starts at its default. */
    public static final class Builder {
        private @Nullable String language = null;
        private List<String> languages = List.of();
        private Task task = Task.TRANSCRIBE;
        private int beamSize = 5;
        private int bestOf = 5;
        private double patience = 1;
        private double lengthPenalty = 1;
        private double repetitionPenalty = 1;
        private int noRepeatNgramSize = 0;
        private List<Double> temperatures = FALLBACK_TEMPERATURES;
        private @Nullable Double compressionRatioThreshold = 2.4;
        private @Nullable Double logProbThreshold = -1.0;
        private @Nullable Double noSpeechThreshold = 0.6;
        private boolean conditionOnPreviousText = true;
        private double promptResetOnTemperature = 0.5;
        private @Nullable String initialPrompt = null;
        private int @Nullable [] promptTokens = null;
        private @Nullable String prefix = null;
        private boolean suppressBlank = true;
        private List<Integer> suppressTokens = List.of(-1);
        private boolean withoutTimestamps = false;
        private double maxInitialTimestamp = 1.0;
        private boolean wordTimestamps = false;
        private String prependPunctuations = "\"'“¿([{-";
        private String appendPunctuations = "\"'.。,，!！?？:：”)]}、";
        private boolean multilingual = false;
        private @Nullable Integer maxNewTokens = null;
        private @Nullable Integer chunkLengthSeconds = null;
        private List<Double> clipTimestamps = List.of(0.0);
        private @Nullable Double hallucinationSilenceThreshold = null;
        private @Nullable String hotwords = null;
        private @Nullable Double languageDetectionThreshold = 0.5;
        private int languageDetectionSegments = 1;
        private OptionalLong seed = OptionalLong.empty();
        private @Nullable Integer batchSize = null;
        private @Nullable Integer audioContext = null;
        private boolean tokenLogProbabilities = false;

        private Builder() {}

        private Builder(TranscribeOptions from) {
            language = from.language;
            languages = from.languages;
            task = from.task;
            beamSize = from.beamSize;
            bestOf = from.bestOf;
            patience = from.patience;
            lengthPenalty = from.lengthPenalty;
            repetitionPenalty = from.repetitionPenalty;
            noRepeatNgramSize = from.noRepeatNgramSize;
            temperatures = from.temperatures;
            compressionRatioThreshold = from.compressionRatioThreshold;
            logProbThreshold = from.logProbThreshold;
            noSpeechThreshold = from.noSpeechThreshold;
            conditionOnPreviousText = from.conditionOnPreviousText;
            promptResetOnTemperature = from.promptResetOnTemperature;
            initialPrompt = from.initialPrompt;
            promptTokens = from.promptTokens;
            prefix = from.prefix;
            suppressBlank = from.suppressBlank;
            suppressTokens = from.suppressTokens;
            withoutTimestamps = from.withoutTimestamps;
            maxInitialTimestamp = from.maxInitialTimestamp;
            wordTimestamps = from.wordTimestamps;
            prependPunctuations = from.prependPunctuations;
            appendPunctuations = from.appendPunctuations;
            multilingual = from.multilingual;
            maxNewTokens = from.maxNewTokens;
            chunkLengthSeconds = from.chunkLengthSeconds;
            clipTimestamps = from.clipTimestamps;
            hallucinationSilenceThreshold = from.hallucinationSilenceThreshold;
            hotwords = from.hotwords;
            languageDetectionThreshold = from.languageDetectionThreshold;
            languageDetectionSegments = from.languageDetectionSegments;
            seed = from.seed;
            batchSize = from.batchSize;
            audioContext = from.audioContext;
            tokenLogProbabilities = from.tokenLogProbabilities;
        }

        public Builder language(@Nullable String value) {
            language = value;
            return this;
        }

        public Builder languages(List<String> value) {
            languages = value;
            return this;
        }

        public Builder task(Task value) {
            task = value;
            return this;
        }

        public Builder beamSize(int value) {
            beamSize = value;
            return this;
        }

        public Builder bestOf(int value) {
            bestOf = value;
            return this;
        }

        public Builder patience(double value) {
            patience = value;
            return this;
        }

        public Builder lengthPenalty(double value) {
            lengthPenalty = value;
            return this;
        }

        public Builder repetitionPenalty(double value) {
            repetitionPenalty = value;
            return this;
        }

        public Builder noRepeatNgramSize(int value) {
            noRepeatNgramSize = value;
            return this;
        }

        public Builder temperatures(List<Double> value) {
            temperatures = value;
            return this;
        }

        public Builder compressionRatioThreshold(@Nullable Double value) {
            compressionRatioThreshold = value;
            return this;
        }

        public Builder logProbThreshold(@Nullable Double value) {
            logProbThreshold = value;
            return this;
        }

        public Builder noSpeechThreshold(@Nullable Double value) {
            noSpeechThreshold = value;
            return this;
        }

        public Builder conditionOnPreviousText(boolean value) {
            conditionOnPreviousText = value;
            return this;
        }

        public Builder promptResetOnTemperature(double value) {
            promptResetOnTemperature = value;
            return this;
        }

        public Builder initialPrompt(@Nullable String value) {
            initialPrompt = value;
            return this;
        }

        public Builder promptTokens(int @Nullable [] value) {
            promptTokens = value;
            return this;
        }

        public Builder prefix(@Nullable String value) {
            prefix = value;
            return this;
        }

        public Builder suppressBlank(boolean value) {
            suppressBlank = value;
            return this;
        }

        public Builder suppressTokens(List<Integer> value) {
            suppressTokens = value;
            return this;
        }

        public Builder withoutTimestamps(boolean value) {
            withoutTimestamps = value;
            return this;
        }

        public Builder maxInitialTimestamp(double value) {
            maxInitialTimestamp = value;
            return this;
        }

        public Builder wordTimestamps(boolean value) {
            wordTimestamps = value;
            return this;
        }

        public Builder prependPunctuations(String value) {
            prependPunctuations = value;
            return this;
        }

        public Builder appendPunctuations(String value) {
            appendPunctuations = value;
            return this;
        }

        public Builder multilingual(boolean value) {
            multilingual = value;
            return this;
        }

        public Builder maxNewTokens(@Nullable Integer value) {
            maxNewTokens = value;
            return this;
        }

        public Builder chunkLengthSeconds(@Nullable Integer value) {
            chunkLengthSeconds = value;
            return this;
        }

        public Builder clipTimestamps(List<Double> value) {
            clipTimestamps = value;
            return this;
        }

        public Builder hallucinationSilenceThreshold(@Nullable Double value) {
            hallucinationSilenceThreshold = value;
            return this;
        }

        public Builder hotwords(@Nullable String value) {
            hotwords = value;
            return this;
        }

        public Builder languageDetectionThreshold(@Nullable Double value) {
            languageDetectionThreshold = value;
            return this;
        }

        public Builder languageDetectionSegments(int value) {
            languageDetectionSegments = value;
            return this;
        }

        public Builder seed(OptionalLong value) {
            seed = value;
            return this;
        }

        public Builder batchSize(@Nullable Integer value) {
            batchSize = value;
            return this;
        }

        public Builder audioContext(@Nullable Integer value) {
            audioContext = value;
            return this;
        }

        public Builder tokenLogProbabilities(boolean value) {
            tokenLogProbabilities = value;
            return this;
        }

        public TranscribeOptions build() {
            return new TranscribeOptions(
                    language,
                    languages,
                    task,
                    beamSize,
                    bestOf,
                    patience,
                    lengthPenalty,
                    repetitionPenalty,
                    noRepeatNgramSize,
                    temperatures,
                    compressionRatioThreshold,
                    logProbThreshold,
                    noSpeechThreshold,
                    conditionOnPreviousText,
                    promptResetOnTemperature,
                    initialPrompt,
                    promptTokens,
                    prefix,
                    suppressBlank,
                    suppressTokens,
                    withoutTimestamps,
                    maxInitialTimestamp,
                    wordTimestamps,
                    prependPunctuations,
                    appendPunctuations,
                    multilingual,
                    maxNewTokens,
                    chunkLengthSeconds,
                    clipTimestamps,
                    hallucinationSilenceThreshold,
                    hotwords,
                    languageDetectionThreshold,
                    languageDetectionSegments,
                    seed,
                    batchSize,
                    audioContext,
                    tokenLogProbabilities);
        }
    }
}
