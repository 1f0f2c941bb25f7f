package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.registry.InstalledModel;

/** Makes the engine of an installed model of one family. Thread-safe. */
@FunctionalInterface
public interface EngineFactory {
    /**
     * Loads; blocks.
     *
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL when the files are no good
     */
    LoadedModel load(InstalledModel model, Cancellation cancellation);
}
