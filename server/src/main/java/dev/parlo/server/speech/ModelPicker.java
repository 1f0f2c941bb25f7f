package dev.parlo.server.speech;

import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.trace.Traces;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lends the model that was named, or one that stands in for it. Thread-safe. */
final class ModelPicker {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPicker.class);
    private static final int SHOWN = 80;

    private final TextToSpeechModels models;
    private final ModelChoice choice;

    ModelPicker(TextToSpeechModels models, ModelChoice choice) {
        this.models = models;
        this.choice = choice;
    }

    /** As {@link TextToSpeechModels#traces}. */
    Traces traces() {
        return models.traces();
    }

    /**
     * The model of that name and no other.
     *
     * @param keepAlive how long it stays afterwards; null for what is set
     * @throws RegistryException when it is not installed
     */
    TextToSpeechModels.Lease named(String model, @Nullable KeepAlive keepAlive) {
        return models.lease(model, keepAlive);
    }

    /**
     * The first of {@link ModelChoice} that is installed. Where it is not the one that was named,
     * the log is told.
     *
     * @param model as the client wrote it, or null
     * @param voice the same
     * @param keepAlive as {@link #named}
     * @throws RegistryException when no model at all can answer
     */
    TextToSpeechModels.Lease best(
            @Nullable String model, @Nullable String voice, @Nullable KeepAlive keepAlive) {
        @Nullable RegistryException missing = null;
        for (String name : choice.candidates(model, voice)) {
            try {
                TextToSpeechModels.Lease lease = models.lease(name, keepAlive);
                if (missing != null && model != null && !model.isBlank()) {
                    LOG.info(
                            "There is no speech model '{}': {} answers.",
                            shown(model),
                            lease.modelId());
                }
                return lease;
            } catch (RegistryException none) {
                switch (none.category()) {
                    case NOT_FOUND, NO_VARIANT, UNSUPPORTED, INVALID_ID -> missing = none;
                    default -> throw none;
                }
            }
        }
        throw missing == null ? new IllegalStateException("no candidates") : missing;
    }

    /** A name that a client wrote, fit for a line of the log. */
    static String shown(@Nullable String name) {
        String text = String.valueOf(name).replaceAll("\\p{Cntrl}", "?");
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
