package dev.parlo.engine.espeak;

import dev.parlo.engine.Voice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * espeak-ng's voices (one per language or accent) and the variants that may be put on any of them
 * ({@code fr+f3}). Immutable.
 */
public final class EspeakVoices {
    /** Names that other engines use for languages that espeak-ng calls otherwise. */
    private static final Map<String, String> SYNONYMS =
            Map.of(
                    "en", "en-gb",
                    "en-gb", "en-gb",
                    "fr", "fr-fr",
                    "pt-pt", "pt",
                    "zh", "cmn",
                    "zh-cn", "cmn",
                    "no", "nb");

    private final Map<String, String> identifiers = new LinkedHashMap<>();
    private final Map<String, String> languages = new LinkedHashMap<>();
    private final Map<String, String> variants = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Voice> listed;

    private EspeakVoices(List<Voice> listed) {
        this.listed = List.copyOf(listed);
    }

    static EspeakVoices of(
            List<EspeakLibrary.VoiceRow> rows, List<EspeakLibrary.VoiceRow> variantRows) {
        List<EspeakLibrary.VoiceRow> sorted =
                rows.stream()
                        // mb/ voices need MBROLA, another program with its own files
                        .filter(row -> !row.identifier().startsWith("mb/"))
                        .sorted(Comparator.comparing(EspeakLibrary.VoiceRow::language))
                        .toList();
        List<Voice> voices = new ArrayList<>();
        Map<String, String> ids = ids(sorted);
        for (EspeakLibrary.VoiceRow row : sorted) {
            String id = ids.getOrDefault(row.identifier(), row.identifier());
            voices.add(new Voice(id, row.name().strip(), row.language(), null));
        }
        List<String> names = new ArrayList<>();
        for (EspeakLibrary.VoiceRow row : variantRows) {
            String name = row.identifier().substring(row.identifier().lastIndexOf('/') + 1);
            if (name.startsWith("klatt")) {
                // the library is built without the Klatt synthesiser
                continue;
            }
            names.add(name);
            String gender = row.gender() == 2 ? "female" : row.gender() == 1 ? "male" : null;
            voices.add(
                    new Voice(
                            "en-us+" + name,
                            "English (America), " + row.name().strip(),
                            "en-us",
                            gender));
        }
        EspeakVoices result = new EspeakVoices(voices);
        for (EspeakLibrary.VoiceRow row : sorted) {
            result.identifiers.putIfAbsent(
                    row.language().toLowerCase(Locale.ROOT), row.identifier());
            result.languages.putIfAbsent(row.identifier(), row.language());
        }
        for (EspeakLibrary.VoiceRow row : sorted) {
            result.identifiers.putIfAbsent(
                    row.identifier().toLowerCase(Locale.ROOT), row.identifier());
            result.identifiers.putIfAbsent(
                    row.name().strip().toLowerCase(Locale.ROOT), row.identifier());
        }
        ids.forEach((identifier, id) ->
                result.identifiers.putIfAbsent(id.toLowerCase(Locale.ROOT), identifier));
        names.forEach(name -> result.variants.put(name, name));
        return result;
    }

    /**
     * An id for each voice by its identifier: its language, or where another voice has that one
     * already (Cantonese in characters and in Jyutping) the name of its file.
     */
    private static Map<String, String> ids(List<EspeakLibrary.VoiceRow> rows) {
        Map<String, String> ids = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (EspeakLibrary.VoiceRow row : rows) {
            String file = row.identifier().substring(row.identifier().lastIndexOf('/') + 1);
            for (String id : List.of(row.language(), file, row.identifier())) {
                if (taken.add(id.toLowerCase(Locale.ROOT))) {
                    ids.put(row.identifier(), id);
                    break;
                }
            }
        }
        return ids;
    }

    /** One voice per language, then American English with each variant. */
    public List<Voice> listed() {
        return listed;
    }

    /** The names of the variants, for {@code language+variant}. */
    public List<String> variants() {
        return List.copyOf(variants.values());
    }

    /**
     * The name by which the library knows a voice: a language ({@code en-us}, {@code fr}), a
     * voice's name or identifier, each with an optional {@code +variant}; upper and lower case do
     * not matter.
     */
    public Optional<String> resolve(String voice) {
        String base = voice.strip();
        String suffix = "";
        int plus = base.indexOf('+');
        if (plus >= 0) {
            String variant = variants.get(base.substring(plus + 1));
            if (variant == null) {
                return Optional.empty();
            }
            suffix = "+" + variant;
            base = base.substring(0, plus);
        }
        String key = base.toLowerCase(Locale.ROOT);
        String identifier = identifiers.get(key);
        if (identifier == null) {
            identifier = language(key.replace('_', '-'));
        }
        return identifier == null ? Optional.empty() : Optional.of(identifier + suffix);
    }

    /** A region that has no accent of its own is spoken with the language's. */
    private @Nullable String language(String tag) {
        String identifier = identifiers.get(SYNONYMS.getOrDefault(tag, tag));
        int dash = tag.lastIndexOf('-');
        // not the voices of other engines, whose names begin alike: af_heart is not Afrikaans
        boolean region = dash > 0 && tag.substring(dash + 1).matches("[a-z]{2}|[0-9]{3}");
        return identifier != null || !region ? identifier : language(tag.substring(0, dash));
    }

    /** The language of a name that {@link #resolve} answered. */
    public Locale locale(String identifier) {
        int plus = identifier.indexOf('+');
        String language = languages.get(plus < 0 ? identifier : identifier.substring(0, plus));
        if (language == null) {
            return Locale.ROOT;
        }
        return Locale.forLanguageTag(language.equals("cmn") ? "zh" : language);
    }
}
