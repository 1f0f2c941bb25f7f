/** Speech to text with Whisper checkpoints: faster-whisper's sequential transcription. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper;
