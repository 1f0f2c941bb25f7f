package dev.parlo.server.models;

import dev.parlo.registry.ModelId;

/**
 * The queue before one model at one moment.
 *
 * @param entered requests that compute, wait, or wait for the model to be loaded
 * @param waiting turns that are waited for
 * @param places requests that it takes at a time
 */
public record ModelQueue(ModelId model, int entered, int waiting, int places) {}
