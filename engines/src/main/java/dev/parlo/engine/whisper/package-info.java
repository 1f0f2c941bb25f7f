/**
 * Speech to text with Whisper checkpoints: faster-whisper's sequential and batched transcription.
 * Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper;
