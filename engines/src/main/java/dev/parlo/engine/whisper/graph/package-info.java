/** From checkpoint to ONNX graphs. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.graph;
