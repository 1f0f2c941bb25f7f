/**
 * NVIDIA's Parakeet TDT, exported for ONNX Runtime: an encoder, and a transducer that skips.
 * Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.parakeet;
