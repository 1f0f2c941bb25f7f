package dev.parlo.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a text-to-speech model speaks, as far as its name and files tell without loading it.
 *
 * @param sampleRate of its output, in Hz
 * @param voices by their ids, in the model's order
 */
public record SpeechVoices(int sampleRate, List<Voice> voices) {
    public SpeechVoices {
        voices = List.copyOf(voices);
    }

    /**
     * One voice.
     *
     * @param language as the model's makers write it ({@code en-us} for Kokoro, {@code en} for
     *     Piper)
     * @param gender {@code female} or {@code male}, null when unknown
     */
    public record Voice(String id, String name, String language, @Nullable String gender) {}
}
