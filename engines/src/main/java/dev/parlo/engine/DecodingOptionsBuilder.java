package dev.parlo.engine;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The options of how the text of one window is searched, and when the search has failed, as
 * openai-whisper's {@code DecodingOptions}; what is heard is up to {@link
 * TranscribeOptionsBuilder}.
 */
abstract sealed class DecodingOptionsBuilder permits TranscribeOptionsBuilder {
    int beamSize = 5;
    int bestOf = 5;
    double patience = 1;
    double lengthPenalty = 1;
    double repetitionPenalty = 1;
    int noRepeatNgramSize = 0;
    List<Double> temperatures = TranscribeOptions.FALLBACK_TEMPERATURES;
    @Nullable Double compressionRatioThreshold = 2.4;
    @Nullable Double logProbThreshold = -1.0;
    @Nullable Double noSpeechThreshold = 0.6;
    boolean suppressBlank = true;
    List<Integer> suppressTokens = List.of(-1);
    boolean withoutTimestamps = false;
    double maxInitialTimestamp = 1.0;
    @Nullable Integer maxNewTokens = null;
    OptionalLong seed = OptionalLong.empty();
    boolean tokenLogProbabilities = false;

    DecodingOptionsBuilder() {}

    DecodingOptionsBuilder(TranscribeOptions from) {
        beamSize = from.beamSize();
        bestOf = from.bestOf();
        patience = from.patience();
        lengthPenalty = from.lengthPenalty();
        repetitionPenalty = from.repetitionPenalty();
        noRepeatNgramSize = from.noRepeatNgramSize();
        temperatures = from.temperatures();
        compressionRatioThreshold = from.compressionRatioThreshold();
        logProbThreshold = from.logProbThreshold();
        noSpeechThreshold = from.noSpeechThreshold();
        suppressBlank = from.suppressBlank();
        suppressTokens = from.suppressTokens();
        withoutTimestamps = from.withoutTimestamps();
        maxInitialTimestamp = from.maxInitialTimestamp();
        maxNewTokens = from.maxNewTokens();
        seed = from.seed();
        tokenLogProbabilities = from.tokenLogProbabilities();
    }

    abstract TranscribeOptionsBuilder self();

    /**
     * Candidates of beam search at temperature 0; 1 is greedy search. Default: 5.
     *
     * @param value 1 to 32
     * @return this
     */
    public TranscribeOptionsBuilder beamSize(int value) {
        beamSize = value;
        return self();
    }

    /**
     * Samples at temperatures above 0, of which the likeliest is taken. Default: 5.
     *
     * @param value 1 to 32
     * @return this
     */
    public TranscribeOptionsBuilder bestOf(int value) {
        bestOf = value;
        return self();
    }

    /**
     * Beam search ends when so many times {@code beamSize} candidates are complete. Default: 1.
     *
     * @param value above 0
     * @return this
     */
    public TranscribeOptionsBuilder patience(double value) {
        patience = value;
        return self();
    }

    /**
     * Exponent of the length that a candidate's log-probability is divided by. Default: 1.
     *
     * @param value finite
     * @return this
     */
    public TranscribeOptionsBuilder lengthPenalty(double value) {
        lengthPenalty = value;
        return self();
    }

    /**
     * Above 1 tokens that were written already become less likely. Default: 1, which changes
     * nothing.
     *
     * @param value 0.01 to 100
     * @return this
     */
    public TranscribeOptionsBuilder repetitionPenalty(double value) {
        repetitionPenalty = value;
        return self();
    }

    /**
     * Sequences of so many tokens are not repeated; 0 is off. Default: 0.
     *
     * @param value 0 to 448
     * @return this
     */
    public TranscribeOptionsBuilder noRepeatNgramSize(int value) {
        noRepeatNgramSize = value;
        return self();
    }

    /**
     * Tried in turn until one does not fail; 0 is beam search, above is sampling. Default: {@link
     * TranscribeOptions#FALLBACK_TEMPERATURES}.
     *
     * @param value at least one, each 0 to 10
     * @return this
     */
    public TranscribeOptionsBuilder temperatures(List<Double> value) {
        temperatures = value;
        return self();
    }

    /**
     * A text that compresses better repeats itself, and the temperature has failed; null is off.
     * Default: 2.4.
     *
     * @param value bytes of the text over their zlib size, or null
     * @return this
     */
    public TranscribeOptionsBuilder compressionRatioThreshold(@Nullable Double value) {
        compressionRatioThreshold = value;
        return self();
    }

    /**
     * With a lower mean log-probability of tokens the temperature has failed; null is off. Default:
     * -1.
     *
     * @param value natural logarithm, or null
     * @return this
     */
    public TranscribeOptionsBuilder logProbThreshold(@Nullable Double value) {
        logProbThreshold = value;
        return self();
    }

    /**
     * A window that failed with a higher probability of silence is silence; null is off. Default:
     * 0.6.
     *
     * @param value 0 to 1, or null
     * @return this
     */
    public TranscribeOptionsBuilder noSpeechThreshold(@Nullable Double value) {
        noSpeechThreshold = value;
        return self();
    }

    /**
     * Whether a window must not start with a blank. Default: true.
     *
     * @param value false lets it
     * @return this
     */
    public TranscribeOptionsBuilder suppressBlank(boolean value) {
        suppressBlank = value;
        return self();
    }

    /**
     * Token ids that are never written; -1 stands for the symbols that are not speech. Default: -1.
     *
     * @param value token ids and -1
     * @return this
     */
    public TranscribeOptionsBuilder suppressTokens(List<Integer> value) {
        suppressTokens = value;
        return self();
    }

    /**
     * Whether a window has text only, without times within it. Default: false.
     *
     * @param value true for text only
     * @return this
     */
    public TranscribeOptionsBuilder withoutTimestamps(boolean value) {
        withoutTimestamps = value;
        return self();
    }

    /**
     * Latest start of the first segment of a window, in seconds. Default: 1.
     *
     * @param value seconds, at least 0
     * @return this
     */
    public TranscribeOptionsBuilder maxInitialTimestamp(double value) {
        maxInitialTimestamp = value;
        return self();
    }

    /**
     * Longest text of a window in tokens; null for the model's limit. Default: the model's limit.
     *
     * @param value 1 to 447, or null
     * @return this
     */
    public TranscribeOptionsBuilder maxNewTokens(@Nullable Integer value) {
        maxNewTokens = value;
        return self();
    }

    /**
     * Of the sampling; empty picks one. Default: picked.
     *
     * @param value any number
     * @return this
     */
    public TranscribeOptionsBuilder seed(OptionalLong value) {
        seed = value;
        return self();
    }

    /**
     * Whether segments carry log-probabilities of their tokens. Default: false.
     *
     * @param value true for log-probabilities
     * @return this
     */
    public TranscribeOptionsBuilder tokenLogProbabilities(boolean value) {
        tokenLogProbabilities = value;
        return self();
    }
}
