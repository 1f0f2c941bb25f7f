package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.util.Optional;

/** The weights of a checkpoint under the Transformers library's names, without a prefix. */
interface Weights {
    /** A weight whose shape and type are not checked yet. */
    interface Weight {
        /**
         * The weight as a variable, which must have this shape.
         *
         * @throws EngineException of category BAD_MODEL for another shape, or a type that Whisper's
         *     weights are not read in
         */
        Variable as(int... shape);
    }

    /**
     * @param name such as {@code decoder.layers.0.fc1.weight}
     */
    Optional<? extends Weight> find(String name);

    /** What to say where a weight is needed and not there. */
    EngineException missing(String name);
}
