/** Kokoro-82M on ONNX Runtime: voices, phonemes, tokens, speech. */
@NullMarked
package dev.parlo.engine.kokoro;

import org.jspecify.annotations.NullMarked;
