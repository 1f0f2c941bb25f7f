package dev.parlo.engine.whisper.window;

import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;

/**
 * A window whose audio is encoded and stays so until it is closed. It is worked on in any order and
 * as often as needed; each call blocks. Used by one thread; closing twice is harmless.
 *
 * <p>Every call throws an {@link dev.parlo.engine.EngineException} of category CANCELLED at the
 * latest one step after the window's cancellation was raised.
 */
public interface EncodedWindow extends AutoCloseable {
    /**
     * Asks which of some languages is spoken.
     *
     * @param languages token ids, at least one
     * @return their probabilities, which sum to 1
     */
    double[] detectLanguage(int startOfTranscript, int[] languages);

    /** Runs a new search to its end. */
    DecodedWindow decode(WindowSearch search);

    /** Finds when a text is said. */
    Alignment align(AlignmentTask task);

    @Override
    void close();
}
