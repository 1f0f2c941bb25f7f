package dev.parlo.registry;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a model list, local or from the Hub.
 *
 * @param languages the card's language codes; empty when it names none, null where the task has no
 *     language (voice activity, embedding, diarization)
 * @param created local: the newest file's time; remote: when the repository was made
 * @param tags the card's tags
 * @param downloads the Hub's count of the last 30 days, 0 when unknown
 * @param likes the Hub's count, 0 when unknown
 * @param gated whether the terms of the repository must be accepted before it can be downloaded
 * @param speech what a text-to-speech model speaks, null for other tasks
 */
public record ModelCard(
        ModelId id,
        ModelFamily family,
        @Nullable List<String> languages,
        Instant created,
        List<String> tags,
        long downloads,
        long likes,
        boolean gated,
        @Nullable SpeechVoices speech) {
    /** How the Hub makes a tag of a card's {@code license}. */
    static final String LICENCE = "license:";

    /** A code, or a name of whatever script; nothing that moves a terminal's cursor. */
    private static final Pattern LANGUAGE =
            Pattern.compile("[\\p{L}][\\p{L}\\p{M}\\p{Nd} _()-]{0,39}");

    public ModelCard {
        languages = languages == null ? null : List.copyOf(languages);
        tags = List.copyOf(tags);
    }

    /**
     * The languages that a card, or what describes a voice, names as clients are shown them: what
     * is not a short word is left out, since anyone can write a card.
     */
    public static List<String> readable(List<String> languages) {
        return languages.stream().filter(word -> LANGUAGE.matcher(word).matches()).toList();
    }

    public ModelTask task() {
        return family.task();
    }

    /**
     * The licence as the Hub abbreviates it, such as {@code mit}; empty where the card names none.
     */
    public Optional<String> licence() {
        return tags.stream()
                .filter(tag -> tag.startsWith(LICENCE))
                .map(tag -> tag.substring(LICENCE.length()))
                // it is shown, and a card may hold anything
                .filter(name -> name.matches("[A-Za-z0-9][A-Za-z0-9.+_-]{0,60}"))
                .findFirst();
    }

    /** The same for a repository of several models, of which none is meant. */
    public ModelCard withoutVoices() {
        return new ModelCard(id, family, languages, created, tags, downloads, likes, gated, null);
    }

    /**
     * Whether its card or one of its voices is of a language, or it says that it knows many.
     *
     * @param code of the language, with or without a region: {@code de}, {@code de-AT}
     */
    public boolean isFor(String code) {
        String wanted = language(code);
        return Stream.concat(
                        languages == null ? Stream.empty() : languages.stream(),
                        voices().stream().map(SpeechVoices.Voice::language))
                .map(ModelCard::language)
                .anyMatch(one -> one.equals(wanted) || one.equals("multilingual"));
    }

    private static String language(String code) {
        return code.strip().toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
    }

    /** The voices of a speech model; none for others. */
    public List<SpeechVoices.Voice> voices() {
        return speech == null ? List.of() : speech.voices();
    }

    /** What a card's languages mean for a task: nothing at all where speech has no language. */
    public static @Nullable List<String> languagesFor(ModelTask task, List<String> languages) {
        return switch (task) {
            case AUTOMATIC_SPEECH_RECOGNITION, TEXT_TO_SPEECH -> languages;
            case SPEAKER_EMBEDDING, VOICE_ACTIVITY_DETECTION, SPEAKER_DIARIZATION -> null;
        };
    }
}
