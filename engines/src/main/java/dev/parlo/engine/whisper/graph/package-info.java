/** From checkpoint to ONNX graphs. Internal: it may change with any version. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.graph;
