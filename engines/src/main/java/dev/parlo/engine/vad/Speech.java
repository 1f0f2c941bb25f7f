package dev.parlo.engine.vad;

/**
 * A stretch of speech with its sound.
 *
 * @param span where it lies in the audio
 * @param samples as many as the span is long, mono at 16 kHz
 */
public record Speech(SpeechSpan span, float[] samples) {}
