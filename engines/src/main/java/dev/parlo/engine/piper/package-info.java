/** Piper voices (VITS) on ONNX Runtime. Internal: it may change with any version. */
@NullMarked
package dev.parlo.engine.piper;

import org.jspecify.annotations.NullMarked;
