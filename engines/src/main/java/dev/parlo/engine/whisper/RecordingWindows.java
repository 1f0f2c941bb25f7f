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
    private final WindowRuntime runtime;
    private final MelSpectrogram mel;
    private final TranscribeOptions options;
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
        this.options = options;
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

    /** Mel frames that a window of so many is encoded with. */
    private int length(int count) {
        int second = MelSpectrogram.FRAMES_PER_SECOND;
        return options.windowSeconds(count / (double) second) * second;
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
