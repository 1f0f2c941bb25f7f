package dev.parlo.engine.speech;

import org.junit.jupiter.api.Assumptions;

/** The shaped models for tests, which skip, saying so, where their graphs are absent. */
public final class SharedModels {
    private SharedModels() {}

    public static ShapedModels orSkip() {
        return ShapedModels.find()
                .orElseGet(() ->
                        Assumptions.abort(
                                "SKIPPED: no folder shared/models/kokoro-shaped beside the"
                                        + " checkout"));
    }
}
