package dev.parlo.registry.hub;

import dev.parlo.registry.ModelTask;
import java.util.Optional;

/**
 * What to list of the Hub's models.
 *
 * @param task only models of this task
 * @param text only models whose id holds it, whatever the case; "" for all
 * @param language only models for this language, by its code; "" for all
 * @param limit at most so many, 0 for all
 */
public record RegistryQuery(
        Optional<ModelTask> task, String text, String language, int limit, Sort sort) {
    /** The order of the answer. */
    public enum Sort {
        /** By family, each in the Hub's own order. */
        TRENDING,
        /** Most downloaded first. */
        DOWNLOADS,
        /** Most liked first. */
        LIKES,
        /** Newest first. */
        CREATED,
        /** By id. */
        ID
    }

    public RegistryQuery {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative");
        }
    }

    /** Models of any language. */
    public RegistryQuery(Optional<ModelTask> task, String text, int limit, Sort sort) {
        this(task, text, "", limit, sort);
    }

    /** Everything. */
    public static RegistryQuery all() {
        return new RegistryQuery(Optional.empty(), "", 0, Sort.TRENDING);
    }

    /** Everything of one task. */
    public static RegistryQuery of(ModelTask task) {
        return new RegistryQuery(Optional.of(task), "", 0, Sort.TRENDING);
    }
}
