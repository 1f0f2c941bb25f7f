package dev.parlo.engine.whisper;

/**
 * What this engine takes of the options of a request; the descriptions of the options show it.
 * Engines of other formats may take less.
 */
public final class WhisperLimits {
    /** Cache rows that a request may ask of a window: its beams or samples. */
    public static final int MOST_ROWS = 32;

    /** Windows of a request that are transcribed at a time, or wait for one before them. */
    public static final int MOST_WINDOWS = 128;

    /** Windows that the language is detected in. */
    public static final int MOST_DETECTION_WINDOWS = 10_000;

    /** Tokens of a sequence that is not repeated: those of a whole window. */
    public static final int LONGEST_NGRAM = 448;

    /** Tokens of a window that can be written, one being the prompt's. */
    public static final int MOST_NEW_TOKENS = 447;

    /** Seconds of a window. */
    public static final int LONGEST_WINDOW = 30;

    /** Audio positions of a whole window. */
    public static final int MOST_AUDIO_POSITIONS = 1500;

    /** Beyond it the choice of a token is all but random. */
    public static final int HIGHEST_TEMPERATURE = 10;

    /** Beyond it, and beyond its reciprocal, logits would leave the range of floats. */
    public static final int HIGHEST_REPETITION_PENALTY = 100;

    /** Seconds; its mel frames still are an int. */
    public static final int LATEST_CLIP = 10_000_000;

    private WhisperLimits() {}
}
