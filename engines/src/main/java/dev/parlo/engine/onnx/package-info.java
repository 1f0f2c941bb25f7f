/** What all engines on ONNX Runtime share. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.onnx;
