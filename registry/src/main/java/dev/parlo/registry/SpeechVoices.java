package dev.parlo.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a text-to-speech model speaks, as far as its name and files tell without loading it.
 *
 * @param sampleRate of its output, in Hz
 * @param voices in the model's order; of several with one id the first
 */
public record SpeechVoices(int sampleRate, List<Voice> voices) {
    public SpeechVoices {
        Set<String> ids = new HashSet<>();
        voices = voices.stream().filter(voice -> ids.add(voice.id())).toList();
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
