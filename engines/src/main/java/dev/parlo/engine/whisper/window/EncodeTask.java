package dev.parlo.engine.whisper.window;

import java.util.concurrent.CompletableFuture;

/**
 * A window that waits for the encoder.
 *
 * @param urgent whether it goes before those that are not
 * @param encoded completed with the slot that it fills
 */
record EncodeTask(float[] mel, boolean urgent, CompletableFuture<Integer> encoded) {}
