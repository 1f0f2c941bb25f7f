package dev.parlo.engine.whisper.decode;

/**
 * Runs the audio encoder for one window and leaves the cross-attention keys and values in its slot.
 */
public interface WindowEncoder {
    /** Mel bands of a window: 80 or 128. */
    int melBands();

    /**
     * Encodes one window.
     *
     * @param mel {@code [melBands, 3000]} flattened, band after band, zeros after the end of the
     *     audio
     * @param window slot to fill
     */
    void encode(float[] mel, int window);
}
