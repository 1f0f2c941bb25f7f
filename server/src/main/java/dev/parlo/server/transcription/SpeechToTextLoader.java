package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.ModelFamily;
import java.nio.file.Path;
import java.util.List;

/** Loads the engines of transcription models. Thread-safe. */
@FunctionalInterface
public interface SpeechToTextLoader {
    /** As {@link dev.parlo.server.models.EngineFactory#prepare}. */
    default void prepare(ModelFamily family, Path files, Cancellation cancellation) {}

    /**
     * As {@link #load(ModelFamily, Path, Admission, Cancellation)}.
     *
     * @param languages that the model's card names
     */
    default SpeechToText load(
            ModelFamily family,
            Path files,
            List<String> languages,
            Admission admission,
            Cancellation cancellation) {
        return load(family, files, admission, cancellation);
    }

    /**
     * Loads; blocks.
     *
     * @param files the model's directory, or its file where one directory holds several checkpoints
     * @param admission the queue before the engine
     * @param cancellation raised when no request waits for the engine any more
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL, NO_SPACE or CANCELLED
     */
    SpeechToText load(
            ModelFamily family, Path files, Admission admission, Cancellation cancellation);
}
