/**
 * Voice activity detection: where in the audio somebody speaks. A {@link
 * dev.parlo.engine.vad.SpeechAudio} over some audio, with the built-in {@link
 * dev.parlo.engine.vad.NanoVad}, is a source of its speech alone; {@link
 * dev.parlo.engine.vad.SpeechTimes#inAudio} gives the segments of a transcription of it the times
 * of the whole.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.vad;
