package dev.parlo.engine.whisper.chunk;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;

/**
 * A piece of a recording.
 *
 * @param start its first sample in the recording
 * @param samples mono at 16 kHz, within [-1, 1]; not changed by anybody
 * @param isSpeech whether all of it is known to be speech, but for pauses of less than a second
 */
public record Chunk(long start, float[] samples, boolean isSpeech) {
    /** Seconds from the start of the recording. */
    public double startSeconds() {
        return start / (double) AudioSource.SAMPLE_RATE;
    }

    /** Seconds from the start of the recording. */
    public double endSeconds() {
        return (start + samples.length) / (double) AudioSource.SAMPLE_RATE;
    }

    public AudioSource audio() {
        return PcmAudio.of(samples);
    }
}
