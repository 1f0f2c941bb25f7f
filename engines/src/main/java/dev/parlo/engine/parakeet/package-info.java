/** NVIDIA's Parakeet TDT, exported for ONNX Runtime: an encoder, and a transducer that skips. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.parakeet;
