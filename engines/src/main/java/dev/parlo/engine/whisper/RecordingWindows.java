package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.window.WindowRuntime;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a recording, one encoded at a time. Asking for the same one once more is free:
 * what was encoded to detect the language is decoded without another run of the encoder. Not
 * thread-safe.
 */
final class RecordingWindows implements AutoCloseable {
    private static final int POSITIONS_PER_SECOND = 50;

    private final WindowRuntime runtime;
    private final MelSpectrogram mel;
    private final int audioContext;
    private final Ticket ticket;
    private final Cancellation cancellation;
    private @Nullable EncodedWindow encoded;
    private int start;
    private int frames;

    /**
     * @param options of which the audio context counts
     */
    RecordingWindows(
            WindowRuntime runtime,
            MelSpectrogram mel,
            TranscribeOptions options,
            Ticket ticket,
            Cancellation cancellation) {
        this.runtime = runtime;
        this.mel = mel;
        Integer context = options.audioContext();
        this.audioContext = context == null ? 0 : context;
        this.ticket = ticket;
        this.cancellation = cancellation;
    }

    /**
     * Encodes a window unless it is the one encoded last, which is given up for it.
     *
     * @param from first mel frame
     * @param count mel frames
     */
    EncodedWindow encode(int from, int count) {
        if (encoded != null && from == start && count == frames) {
            return encoded;
        }
        float[] window = mel.window(from, count, length(count));
        close(); // before the next one is encoded, which may take its place
        EncodedWindow next = runtime.encode(window, ticket, cancellation);
        encoded = next;
        start = from;
        frames = count;
        return next;
    }

    /**
     * Mel frames that a window of so many is encoded with, in whole seconds: there are few
     * different ones then, for each of which the runtime remembers how it laid out its memory. A
     * second more than is heard, since a text that ends with the window is seldom closed by the
     * model.
     */
    private int length(int count) {
        if (audioContext == 0) {
            return MelSpectrogram.WINDOW;
        }
        int heard = Math.ceilDiv(count, MelSpectrogram.FRAMES_PER_SECOND) + 1;
        int asked = Math.ceilDiv(audioContext, POSITIONS_PER_SECOND);
        int seconds = Math.max(heard, asked);
        return Math.min(MelSpectrogram.WINDOW, seconds * MelSpectrogram.FRAMES_PER_SECOND);
    }

    @Override
    public void close() {
        if (encoded != null) {
            EncodedWindow done = encoded;
            encoded = null;
            done.close();
        }
    }
}
