/** Piper voices (VITS) on ONNX Runtime. */
@NullMarked
package dev.parlo.engine.piper;

import org.jspecify.annotations.NullMarked;
