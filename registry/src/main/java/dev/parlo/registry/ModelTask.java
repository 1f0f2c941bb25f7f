package dev.parlo.registry;

import java.util.Arrays;
import java.util.Optional;

/** What a model does, by the Hub's pipeline tag. */
public enum ModelTask {
    AUTOMATIC_SPEECH_RECOGNITION("automatic-speech-recognition"),
    TEXT_TO_SPEECH("text-to-speech"),
    SPEAKER_EMBEDDING("speaker-embedding"),
    VOICE_ACTIVITY_DETECTION("voice-activity-detection"),
    SPEAKER_DIARIZATION("speaker-diarization");

    private final String tag;

    ModelTask(String tag) {
        this.tag = tag;
    }

    /** The tag as it is written in model cards and in {@code ?task=}. */
    public String tag() {
        return tag;
    }

    public static Optional<ModelTask> ofTag(String tag) {
        return Arrays.stream(values()).filter(task -> task.tag.equals(tag)).findFirst();
    }

    @Override
    public String toString() {
        return tag;
    }
}
