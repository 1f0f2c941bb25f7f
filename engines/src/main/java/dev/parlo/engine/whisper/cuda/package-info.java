/**
 * Whisper on a GPU: weights, caches and all that a step reads and writes lie in the device's
 * memory, where graphs of ONNX Runtime work on them in place; of a step only the best tokens of
 * each row and a few sums come back. Runs on the processor's memory as well, where a {@link
 * dev.parlo.engine.cuda.Gpu} is made for that. Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.cuda;
