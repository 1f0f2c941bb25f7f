package dev.parlo.registry;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text-to-speech model speaks, as far as its name and files tell without loading it.
 *
 * @param sampleRate of its output, in Hz
 * @param voices in the model's order; of several with one id the first, and without those whose
 *     name cannot be shown
 */
public record SpeechVoices(int sampleRate, List<Voice> voices) {
    /** As a client can type it: names come from files that anyone can write. */
    private static final Pattern NAME =
            Pattern.compile("[^\\p{Cntrl}\\p{Cf}\\p{Cs}\\u0080-\\u009f\\u2028\\u2029]{1,200}");

    public SpeechVoices {
        Set<String> ids = new HashSet<>();
        voices =
                voices.stream()
                        .filter(voice -> NAME.matcher(voice.id()).matches())
                        .filter(voice -> ids.add(voice.id()))
                        .toList();
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
