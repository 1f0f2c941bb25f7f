/**
 * The bytes of a CTranslate2 Whisper checkpoint and the converted weights kept beside the cache;
 * knows nothing of ONNX Runtime. Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.checkpoint;
