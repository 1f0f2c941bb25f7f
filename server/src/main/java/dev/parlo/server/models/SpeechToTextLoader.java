package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Admission;
import java.nio.file.Path;

/**
 * Loads the engine of a transcription model from its directory, or from its file where one
 * directory holds several checkpoints. Thread-safe.
 */
@FunctionalInterface
public interface SpeechToTextLoader {
    /** As {@link EngineFactory#prepare}. */
    default void prepare(Path directory, Cancellation cancellation) {}

    /**
     * Loads; blocks.
     *
     * @param admission the queue before the engine
     * @param cancellation raised when nobody waits for the engine any more
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL, NO_SPACE or CANCELLED
     */
    SpeechToText load(Path directory, Admission admission, Cancellation cancellation);
}
