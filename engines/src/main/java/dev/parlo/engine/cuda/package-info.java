/**
 * A GPU as engines use it: memory, streams and copies by the CUDA driver, and the options that let
 * ONNX Runtime compute on the same memory and streams. What is done is behind {@link
 * dev.parlo.engine.cuda.CudaDriver}, which also exists on the processor's memory, so that all of it
 * but the driver itself runs where there is no GPU. Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.cuda;
