/** What all engines on ONNX Runtime share. Internal: it may change with any version. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.onnx;
