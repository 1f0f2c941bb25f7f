/**
 * Kokoro-82M on ONNX Runtime: voices, phonemes, tokens, speech. Internal: it may change with any
 * version.
 */
@NullMarked
package dev.parlo.engine.kokoro;

import org.jspecify.annotations.NullMarked;
