package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.InstalledModel;

/** Makes the engine of an installed model of one family. Thread-safe. */
@FunctionalInterface
public interface EngineFactory {
    /**
     * Does what a first load needs on disk, such as converting weights; blocks.
     *
     * @throws dev.parlo.engine.EngineException as {@link #load}
     */
    default void prepare(InstalledModel model, Cancellation cancellation) {}

    /**
     * Loads; blocks.
     *
     * @param admission the queue before the engine, in which requests may wait already
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL when the files are no good
     */
    LoadedModel load(InstalledModel model, Admission admission, Cancellation cancellation);
}
