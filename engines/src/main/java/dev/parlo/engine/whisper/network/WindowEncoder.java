package dev.parlo.engine.whisper.network;

/**
 * Runs the audio encoder for one window and leaves the cross-attention keys and values in its slot.
 */
public interface WindowEncoder {
    /** Mel bands of a window: 80 or 128. */
    int melBands();

    /**
     * Encodes one window. Touches nothing of the step's: what a slot's rows hold of the audio
     * before ends where the next search begins, at position 0.
     *
     * @param mel {@code [melBands, frames]} flattened, band after band, zeros after the end of the
     *     audio; 3000 frames, or fewer where the network computes short windows, an even number
     * @param slot to fill
     */
    void encode(float[] mel, int slot);
}
