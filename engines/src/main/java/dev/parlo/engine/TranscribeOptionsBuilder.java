package dev.parlo.engine;

import dev.parlo.engine.TranscribeOptions.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a transcription; each starts at its default. Values are checked by the
 * engine, which knows what its model accepts. Used by one thread.
 */
public final class TranscribeOptionsBuilder extends DecodingOptionsBuilder {
    private @Nullable String language = null;
    private List<String> languages = List.of();
    private Task task = Task.TRANSCRIBE;
    private boolean conditionOnPreviousText = true;
    private double promptResetOnTemperature = 0.5;
    private @Nullable String initialPrompt = null;
    private int @Nullable [] promptTokens = null;
    private @Nullable String prefix = null;
    private boolean wordTimestamps = false;
    private String prependPunctuations = "\"'“¿([{-";
    private String appendPunctuations = "\"'.。,，!！?？:：”)]}、";
    private boolean multilingual = false;
    private @Nullable Integer chunkLengthSeconds = null;
    private List<Double> clipTimestamps = List.of(0.0);
    private @Nullable Double hallucinationSilenceThreshold = null;
    private @Nullable String hotwords = null;
    private @Nullable Double languageDetectionThreshold = 0.5;
    private int languageDetectionSegments = 1;
    private @Nullable Integer batchSize = null;
    private @Nullable Integer audioContext = null;

    TranscribeOptionsBuilder() {}

    TranscribeOptionsBuilder(TranscribeOptions from) {
        super(from);
        language = from.language();
        languages = from.languages();
        task = from.task();
        conditionOnPreviousText = from.conditionOnPreviousText();
        promptResetOnTemperature = from.promptResetOnTemperature();
        initialPrompt = from.initialPrompt();
        promptTokens = from.promptTokens();
        prefix = from.prefix();
        wordTimestamps = from.wordTimestamps();
        prependPunctuations = from.prependPunctuations();
        appendPunctuations = from.appendPunctuations();
        multilingual = from.multilingual();
        chunkLengthSeconds = from.chunkLengthSeconds();
        clipTimestamps = from.clipTimestamps();
        hallucinationSilenceThreshold = from.hallucinationSilenceThreshold();
        hotwords = from.hotwords();
        languageDetectionThreshold = from.languageDetectionThreshold();
        languageDetectionSegments = from.languageDetectionSegments();
        batchSize = from.batchSize();
        audioContext = from.audioContext();
    }

    @Override
    TranscribeOptionsBuilder self() {
        return this;
    }

    /**
     * ISO code of the spoken language, such as {@code en}; null to detect it. Default: detected.
     *
     * @param value ISO code such as {@code en}, or null to detect it
     * @return this
     */
    public TranscribeOptionsBuilder language(@Nullable String value) {
        language = value;
        return this;
    }

    /**
     * ISO codes to choose from when it is detected; empty for all. Default: all.
     *
     * @param value ISO codes; empty for all
     * @return this
     */
    public TranscribeOptionsBuilder languages(List<String> value) {
        languages = value;
        return this;
    }

    /**
     * What to write. Default: transcribe.
     *
     * @param value one of the two
     * @return this
     */
    public TranscribeOptionsBuilder task(Task value) {
        task = value;
        return this;
    }

    /**
     * Whether each window is given the text before it. Default: true.
     *
     * @param value false where windows are independent
     * @return this
     */
    public TranscribeOptionsBuilder conditionOnPreviousText(boolean value) {
        conditionOnPreviousText = value;
        return this;
    }

    /**
     * After a window with a higher temperature the next is not given its text. Default: 0.5.
     *
     * @param value a temperature
     * @return this
     */
    public TranscribeOptionsBuilder promptResetOnTemperature(double value) {
        promptResetOnTemperature = value;
        return this;
    }

    /**
     * Text that the audio continues, for names and style; null for none. Default: none.
     *
     * @param value text, or null
     * @return this
     */
    public TranscribeOptionsBuilder initialPrompt(@Nullable String value) {
        initialPrompt = value;
        return this;
    }

    /**
     * Token ids instead of {@code initialPrompt}; null for none. Default: none.
     *
     * @param value token ids, not copied, or null
     * @return this
     */
    public TranscribeOptionsBuilder promptTokens(int @Nullable [] value) {
        promptTokens = value;
        return this;
    }

    /**
     * Text that the transcript of the first window starts with; null for none. Default: none.
     *
     * @param value text, or null
     * @return this
     */
    public TranscribeOptionsBuilder prefix(@Nullable String value) {
        prefix = value;
        return this;
    }

    /**
     * Whether segments carry their words, with times. Default: false.
     *
     * @param value true for words
     * @return this
     */
    public TranscribeOptionsBuilder wordTimestamps(boolean value) {
        wordTimestamps = value;
        return this;
    }

    /**
     * Marks that belong to the word after them. Default: faster-whisper's.
     *
     * @param value characters
     * @return this
     */
    public TranscribeOptionsBuilder prependPunctuations(String value) {
        prependPunctuations = value;
        return this;
    }

    /**
     * Marks that belong to the word before them. Default: faster-whisper's.
     *
     * @param value characters
     * @return this
     */
    public TranscribeOptionsBuilder appendPunctuations(String value) {
        appendPunctuations = value;
        return this;
    }

    /**
     * Whether the language of every window is detected, not of the first only. Default: false.
     *
     * @param value true for every window
     * @return this
     */
    public TranscribeOptionsBuilder multilingual(boolean value) {
        multilingual = value;
        return this;
    }

    /**
     * Seconds of a window; null for 30. Default: 30.
     *
     * @param value 1 to 30, or null
     * @return this
     */
    public TranscribeOptionsBuilder chunkLengthSeconds(@Nullable Integer value) {
        chunkLengthSeconds = value;
        return this;
    }

    /**
     * Pairs of seconds {@code start, end, …}: only these parts are heard; an odd count runs to the
     * end. Default: all of the audio.
     *
     * @param value seconds, each 0 to 10,000,000
     * @return this
     */
    public TranscribeOptionsBuilder clipTimestamps(List<Double> value) {
        clipTimestamps = value;
        return this;
    }

    /**
     * Silence of so many seconds around text that was probably made up is skipped; needs {@code
     * wordTimestamps}; null is off. Default: off.
     *
     * @param value seconds, or null
     * @return this
     */
    public TranscribeOptionsBuilder hallucinationSilenceThreshold(@Nullable Double value) {
        hallucinationSilenceThreshold = value;
        return this;
    }

    /**
     * Words to expect; null for none. Default: none.
     *
     * @param value text, or null
     * @return this
     */
    public TranscribeOptionsBuilder hotwords(@Nullable String value) {
        hotwords = value;
        return this;
    }

    /**
     * Probability from which on a detected language is certain; null takes the first window's.
     * Default: 0.5.
     *
     * @param value 0 to 1, or null
     * @return this
     */
    public TranscribeOptionsBuilder languageDetectionThreshold(@Nullable Double value) {
        languageDetectionThreshold = value;
        return this;
    }

    /**
     * Windows to detect the language in, until one is certain. Default: 1.
     *
     * @param value 1 to 10,000
     * @return this
     */
    public TranscribeOptionsBuilder languageDetectionSegments(int value) {
        languageDetectionSegments = value;
        return this;
    }

    /**
     * Null transcribes one window after another, each prompted with the text before it; a number
     * transcribes speech in chunks of at most 30 s, each by itself, so many of them at a time (as
     * faster-whisper's {@code BatchedInferencePipeline}). Default: null.
     *
     * @param value 1 to 128, or null
     * @return this
     */
    public TranscribeOptionsBuilder batchSize(@Nullable Integer value) {
        batchSize = value;
        return this;
    }

    /**
     * 0 encodes every window as 30 s, silence after its audio included, as models were trained; a
     * number of audio positions, of which a second has {@value
     * TranscribeOptions#AUDIO_POSITIONS_PER_SECOND}, as no more than so many where its audio needs
     * no more; null for what the engine was set to. Default: null.
     *
     * @param value 0 to 1500, or null
     * @return this
     */
    public TranscribeOptionsBuilder audioContext(@Nullable Integer value) {
        audioContext = value;
        return this;
    }

    /** {@return the options} */
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
