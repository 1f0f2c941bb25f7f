package dev.parlo.engine.whisper;

import dev.parlo.engine.whisper.decode.WindowEncoder;
import dev.parlo.engine.whisper.mel.MelSpectrogram;

/**
 * The window of a recording that lies encoded in slot 0. Asking for it once more is free: what was
 * encoded to detect the language is decoded without another run of the encoder. Not thread-safe.
 */
final class EncodedWindow {
    static final int SLOT = 0;

    private final WindowEncoder encoder;
    private final MelSpectrogram mel;
    private int start = -1;
    private int frames;

    EncodedWindow(WindowEncoder encoder, MelSpectrogram mel) {
        this.encoder = encoder;
        this.mel = mel;
    }

    /**
     * Encodes a window unless it is there already.
     *
     * @param from first mel frame
     * @param count mel frames
     */
    void encode(int from, int count) {
        if (from != start || count != frames) {
            start = -1; // a failure leaves nothing that could be used
            encoder.encode(mel.window(from, count), SLOT);
            start = from;
            frames = count;
        }
    }
}
