package dev.parlo.engine.whisper.window;

import dev.parlo.engine.admission.Priority;
import java.util.concurrent.CompletableFuture;

/**
 * A window that waits for the encoder.
 *
 * @param encoded completed with the slot that it fills
 */
record EncodeTask(float[] mel, Priority priority, CompletableFuture<Integer> encoded) {}
