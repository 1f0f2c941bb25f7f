/** From checkpoint to ONNX graphs, and the runtime that runs them. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.graph;
