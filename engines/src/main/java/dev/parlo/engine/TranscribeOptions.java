package dev.parlo.engine;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Options of a transcription, with the names and defaults of faster-whisper 1.2.1's {@code
 * transcribe}. A null threshold is disabled. An engine checks the ranges when it begins: what it
 * cannot use is refused with an {@link EngineException} of category BAD_REQUEST. Immutable; change
 * by {@link #toBuilder()}.
 *
 * @param language ISO code of the spoken language, such as {@code en}; null to detect it
 * @param languages ISO codes to choose from when it is detected; empty for all
 * @param task what to write
 * @param beamSize candidates of beam search at temperature 0, 1 to 32; 1 is greedy search
 * @param bestOf samples at temperatures above 0, of which the likeliest is taken, 1 to 32
 * @param patience beam search ends when so many times {@code beamSize} candidates are complete;
 *     above 0
 * @param lengthPenalty exponent of the length that a candidate's log-probability is divided by;
 *     finite
 * @param repetitionPenalty above 1 tokens that were written already become less likely; 0.01 to 100
 * @param noRepeatNgramSize sequences of so many tokens are not repeated, at most 448; 0 is off
 * @param temperatures tried in turn until one does not fail, each 0 to 10; 0 is beam search, above
 *     is sampling
 * @param compressionRatioThreshold a text that compresses better repeats itself, and the
 *     temperature has failed; null is off
 * @param logProbThreshold with a lower mean log-probability of tokens the temperature has failed;
 *     null is off
 * @param noSpeechThreshold a window that failed with a higher probability of silence is silence, 0
 *     to 1; null is off
 * @param conditionOnPreviousText whether each window is given the text before it
 * @param promptResetOnTemperature after a window with a higher temperature the next is not given
 *     its text
 * @param initialPrompt text that the audio continues, for names and style; null for none
 * @param promptTokens token ids instead of {@code initialPrompt}; null for none
 * @param prefix text that the transcript of the first window starts with; null for none
 * @param suppressBlank whether a window must not start with a blank
 * @param suppressTokens token ids that are never written; -1 stands for the symbols that are not
 *     speech
 * @param withoutTimestamps whether a window has text only, without times within it
 * @param maxInitialTimestamp latest start of the first segment of a window, in seconds, at least 0
 * @param wordTimestamps whether segments carry their words, with times
 * @param prependPunctuations marks that belong to the word after them
 * @param appendPunctuations marks that belong to the word before them
 * @param multilingual whether the language of every window is detected, not of the first only
 * @param maxNewTokens longest text of a window in tokens, 1 to 447; null for the model's limit
 * @param chunkLengthSeconds seconds of a window, 1 to 30; null for 30
 * @param clipTimestamps pairs of seconds {@code start, end, …}: only these parts are heard; an odd
 *     count runs to the end
 * @param hallucinationSilenceThreshold silence of so many seconds around text that was probably
 *     made up is skipped; needs {@code wordTimestamps}; null is off
 * @param hotwords words to expect; null for none
 * @param languageDetectionThreshold probability from which on a detected language is certain, 0 to
 *     1; null takes the first window's
 * @param languageDetectionSegments windows to detect the language in, until one is certain; 1 to
 *     10,000
 * @param seed of the sampling; empty picks one
 * @param batchSize null transcribes one window after another, each prompted with the text before
 *     it; a number transcribes speech in chunks of at most 30 s, each by itself, so many of them at
 *     a time (as faster-whisper's {@code BatchedInferencePipeline}), 1 to 128
 * @param audioContext 0 encodes every window as 30 s, silence after its audio included, as models
 *     were trained; a number of audio positions, of which a second has {@value
 *     #AUDIO_POSITIONS_PER_SECOND}, as no more than so many where its audio needs no more, at most
 *     1500; null for what the engine was set to
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
        /** The language that is spoken. */
        TRANSCRIBE,
        /** English. */
        TRANSLATE
    }

    /** Positions of the encoder's output for a second of audio. */
    public static final int AUDIO_POSITIONS_PER_SECOND = 50;

    private static final int WINDOW_SECONDS = 30;

    /** The ladder that faster-whisper tries by default. */
    public static final List<Double> FALLBACK_TEMPERATURES = List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0);

    /** Copies the lists; {@code promptTokens} is not copied. */
    public TranscribeOptions {
        languages = List.copyOf(languages);
        temperatures = List.copyOf(temperatures);
        suppressTokens = List.copyOf(suppressTokens);
        clipTimestamps = List.copyOf(clipTimestamps);
    }

    /**
     * {@return how many seconds of a window are computed by {@link #audioContext}: 30, or those of
     * its audio and one more, since a text that ends with the window is seldom closed by the model}
     * Whole seconds, so that there are few different ones, for each of which a runtime remembers
     * how it laid out its memory.
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

    /** {@return the options that faster-whisper has by default} */
    public static TranscribeOptions defaults() {
        return new TranscribeOptionsBuilder().build();
    }

    /** {@return what collects options, each at its default} */
    public static TranscribeOptionsBuilder builder() {
        return new TranscribeOptionsBuilder();
    }

    /** {@return what collects options, each as it is here} */
    public TranscribeOptionsBuilder toBuilder() {
        return new TranscribeOptionsBuilder(this);
    }
}
