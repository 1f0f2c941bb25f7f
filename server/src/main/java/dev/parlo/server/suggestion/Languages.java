package dev.parlo.server.suggestion;

import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelId;
import dev.parlo.server.transcription.LanguageNames;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which languages a model is for, by its card, its voices and Whisper's way of naming. */
final class Languages {
    /** What cards write for "all that the model knows". */
    private static final Set<String> MANY = Set.of("multilingual", "multi", "mul", "all");

    private static final Set<String> ISO = Set.of(Locale.getISOLanguages());

    private Languages() {}

    /**
     * How well a model fits a language.
     *
     * <p>The order is that of preference.
     */
    enum Match {
        /** Its card names the language, and at most one other. */
        MADE_FOR,
        /** Its card names the language among others, or says that it knows many. */
        NAMED,
        /** Its card names none. */
        UNKNOWN,
        /** Its card names others only. */
        OTHER
    }

    /**
     * One code for a language: Whisper's where it knows the language, else that of ISO 639-1.
     *
     * @param name a code with or without region or script, or an English name; in any case
     */
    static Optional<String> code(String name) {
        String known = LanguageNames.code(name);
        if (known != null) {
            return Optional.of(known);
        }
        String first = name.strip().toLowerCase(Locale.ROOT).split("[-_]", 2)[0];
        if (ISO.contains(first)) {
            return Optional.of(first);
        }
        return Arrays.stream(Locale.getISOLanguages())
                .filter(code ->
                        first.length() == 3 && Locale.of(code).getISO3Language().equals(first)
                                || Locale.of(code)
                                        .getDisplayLanguage(Locale.ENGLISH)
                                        .toLowerCase(Locale.ROOT)
                                        .equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** How a language is called in English. */
    static String name(String code) {
        String whispers = LanguageNames.name(code);
        String plain =
                whispers.equals(code)
                        ? Locale.of(code).getDisplayLanguage(Locale.ENGLISH)
                        : whispers;
        return plain.isEmpty()
                ? code
                : plain.substring(0, 1).toUpperCase(Locale.ROOT) + plain.substring(1);
    }

    /** The codes of a card and its voices, each once; what is no language is left out. */
    static Set<String> of(ModelCard card) {
        if (isEnglishOnly(card.id())) {
            return Set.of("en");
        }
        Set<String> codes = new TreeSet<>();
        List<String> named = card.languages() == null ? List.of() : card.languages();
        named.forEach(name -> code(name).ifPresent(codes::add));
        card.voices().forEach(voice -> code(voice.language()).ifPresent(codes::add));
        return codes;
    }

    static Match match(ModelCard card, String language) {
        Set<String> codes = of(card);
        if (codes.contains(language)) {
            return codes.size() <= 2 ? Match.MADE_FOR : Match.NAMED;
        }
        if (isMany(card) && !isEnglishOnly(card.id())) {
            return Match.NAMED;
        }
        return codes.isEmpty() ? Match.UNKNOWN : Match.OTHER;
    }

    /** Whether a model is for more than a few languages, as far as its card tells. */
    static boolean isBroad(ModelCard card) {
        return of(card).size() > 2 || isMany(card);
    }

    private static boolean isMany(ModelCard card) {
        Set<String> words = new HashSet<>();
        if (card.languages() != null) {
            card.languages().forEach(word -> words.add(word.strip().toLowerCase(Locale.ROOT)));
        }
        words.retainAll(MANY);
        return !words.isEmpty();
    }

    /** As OpenAI, and all who converted its models, name those for English alone. */
    private static boolean isEnglishOnly(ModelId id) {
        String name = id.variant().isEmpty() ? id.name() : id.variant();
        return name.toLowerCase(Locale.ROOT).matches(".*\\.en(?:[-_.].*)?");
    }
}
