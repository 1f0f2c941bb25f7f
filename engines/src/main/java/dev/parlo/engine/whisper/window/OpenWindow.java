package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.LanguageProbe;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;

/** A window in a slot of some arena, until it is closed. */
abstract class OpenWindow implements EncodedWindow {
    private final Cancellation cancellation;
    private boolean closed;

    OpenWindow(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** Runs a decoder to its end. */
    abstract void run(WindowDecoder decoder, Cancellation stop);

    abstract Alignment alignment(AlignmentTask task, Cancellation stop);

    /** Gives slot and turn back. */
    abstract void release();

    @Override
    public final double[] detectLanguage(int startOfTranscript, int[] languages) {
        LanguageProbe probe = new LanguageProbe(startOfTranscript, languages);
        check();
        run(probe, cancellation);
        return probe.probabilities();
    }

    @Override
    public final DecodedWindow decode(WindowSearch search) {
        check();
        run(search, cancellation);
        return search.result();
    }

    @Override
    public final Alignment align(AlignmentTask task) {
        check();
        return alignment(task, cancellation);
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException("The window is closed.");
        }
        cancellation.check();
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }
}
