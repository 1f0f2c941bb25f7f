package dev.parlo.engine.whisper.network;

import java.util.List;

/**
 * Runs the audio encoder for a window and leaves the cross-attention keys and values in its slot.
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

    /**
     * How many of the windows that wait are best encoded in the next run; at least 1.
     *
     * @param waiting at least 1
     * @param urgent whether their requests need no further ones
     */
    default int together(int waiting, boolean urgent) {
        return 1;
    }

    /**
     * Encodes windows into consecutive slots.
     *
     * @param mels at most as many as {@link #together} answered
     */
    default void encode(List<float[]> mels, int firstSlot) {
        for (int i = 0; i < mels.size(); i++) {
            encode(mels.get(i), firstSlot + i);
        }
    }
}
