/**
 * Speech to text with Whisper checkpoints: faster-whisper's sequential and batched transcription.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper;
