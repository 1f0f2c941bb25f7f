package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.util.Optional;

/**
 * The weights of an export to ONNX, whose two graphs have an encoder's and a decoder's.
 *
 * @param decoder has the projection to logits, too
 */
record ExportedWeights(ExportedPart encoder, ExportedPart decoder) implements Weights {
    @Override
    public Optional<ExportedTensor> find(String name) {
        return part(name).find(name);
    }

    @Override
    public EngineException missing(String name) {
        return part(name).missing(name);
    }

    private ExportedPart part(String name) {
        return name.startsWith("encoder.") ? encoder : decoder;
    }
}
