package dev.parlo.engine.whisper.checkpoint;

/**
 * Sizes of a Whisper network.
 *
 * @param width d_model
 * @param heads attention heads of encoder and decoder, each {@link #HEAD_WIDTH} wide
 * @param encoderLayers 1 or more
 * @param decoderLayers 1 or more
 * @param vocabularySize tokens, timestamps included
 * @param melBands 80 or 128
 * @param feedForwardWidth inner width of the feed-forward blocks
 * @param textPositions longest decoder input: 448
 */
public record WhisperShape(
        int width,
        int heads,
        int encoderLayers,
        int decoderLayers,
        int vocabularySize,
        int melBands,
        int feedForwardWidth,
        int textPositions) {
    /** Width of one attention head in every published model. */
    public static final int HEAD_WIDTH = 64;

    /** Mel frames of a window. */
    public static final int WINDOW_FRAMES = 3000;

    /** Decoder positions in every published model. */
    public static final int TEXT_POSITIONS = 448;

    /** Encoder positions of a window, 20 ms each. */
    public static final int AUDIO_POSITIONS = 1500;

    /**
     * Timestamp tokens {@code <|0.00|>} to {@code <|30.00|>}, always the last of the vocabulary.
     */
    public static final int TIMESTAMPS = 1501;

    /** Ids below this one are text and control tokens. */
    public int firstTimestamp() {
        return vocabularySize - TIMESTAMPS;
    }
}
