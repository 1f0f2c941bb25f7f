package dev.parlo.engine.speaker;

import java.util.List;

/**
 * Who speaks when.
 *
 * @param turns by their starts; those of different people may overlap
 * @param exclusive the same where at most one speaks at a time, to join with a transcript
 * @param voices the mean embedding of each speaker
 * @param durationSeconds of the audio
 */
public record Diarization(
        List<SpeakerTurn> turns,
        List<SpeakerTurn> exclusive,
        List<float[]> voices,
        double durationSeconds) {
    public Diarization {
        turns = List.copyOf(turns);
        exclusive = List.copyOf(exclusive);
        voices = List.copyOf(voices);
    }

    /** How many people speak. */
    public int speakers() {
        return voices.size();
    }
}
