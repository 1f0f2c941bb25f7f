/**
 * Whisper on ONNX Runtime's kernels for processors: the sessions, the caches and the step.
 * Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.cpu;
