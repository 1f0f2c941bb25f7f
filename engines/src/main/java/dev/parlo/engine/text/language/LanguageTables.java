package dev.parlo.engine.text.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a text normaliser has to know of a language, from a file of the program. Immutable.
 *
 * @param locale the language
 * @param decimal the decimal mark
 * @param group what sets thousands apart
 * @param dates the order of day, month and year in figures: {@code mdy} or {@code dmy}
 * @param months for each month its names, the full one first
 * @param words single words and signs by key
 * @param currencies by ISO code: one, many, one and many of the small coin
 * @param scales words such as "million" by how they are written behind money
 * @param plainScales those that may stand behind any number
 * @param units by sign: one and many
 * @param gluedUnits those that count only directly behind a number
 * @param abbreviations by group, then by the abbreviation without its last full stop
 * @param fractions names of parts by their denominator: one and many
 * @param starters words that begin sentences, capitalised
 * @param genders of nouns, where numbers follow them
 * @param ordered nouns before which a number with a full stop is an ordinal, in lower case
 */
public record LanguageTables(
        Locale locale,
        char decimal,
        String group,
        String dates,
        List<List<String>> months,
        Map<String, String> words,
        Map<String, List<String>> currencies,
        Map<String, String> scales,
        Set<String> plainScales,
        Map<String, List<String>> units,
        Map<String, List<String>> gluedUnits,
        Map<String, Map<String, String>> abbreviations,
        Map<String, List<String>> fractions,
        Set<String> starters,
        Genders genders,
        Set<String> ordered) {
    /** The languages that there is a file for. */
    public static final Set<String> LANGUAGES = Set.of("en", "es", "fr", "de", "it", "pt", "hi");

    /**
     * Reads the tables of a language.
     *
     * @return empty where there are none
     */
    public static Optional<LanguageTables> of(Locale locale) {
        String language = locale.getLanguage();
        if (!LANGUAGES.contains(language)) {
            return Optional.empty();
        }
        try (InputStream file = LanguageTables.class.getResourceAsStream(language + ".json")) {
            if (file == null) {
                throw new IllegalStateException("no " + language + ".json in the program");
            }
            return Optional.of(read(locale, new JsonMapper().readTree(file)));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static LanguageTables read(Locale locale, JsonNode root) {
        List<List<String>> months = new ArrayList<>();
        root.path("months").forEach(names -> months.add(strings(names)));
        Map<String, Map<String, String>> abbreviations = new HashMap<>();
        root.path("abbreviations")
                .properties()
                .forEach(group -> abbreviations.put(group.getKey(), map(group.getValue())));
        return new LanguageTables(
                locale,
                root.path("decimal").asString().charAt(0),
                root.path("group").asString(),
                dates(locale, root),
                List.copyOf(months),
                map(root.path("words")),
                lists(root.path("currencies")),
                map(root.path("scales")),
                Set.copyOf(strings(root.path("plain-scales"))),
                lists(root.path("units")),
                lists(root.path("glued-units")),
                Map.copyOf(abbreviations),
                lists(root.path("fractions")),
                new HashSet<>(strings(root.path("sentence-starters"))),
                Genders.of(root.path("nouns")),
                Set.copyOf(Genders.list(root.path("nouns"), "ordered")));
    }

    /** English writes the month first only where it is written in America. */
    private static String dates(Locale locale, JsonNode root) {
        boolean otherEnglish =
                locale.getLanguage().equals("en")
                        && !locale.getCountry().isEmpty()
                        && !locale.getCountry().equals("US");
        return otherEnglish ? "dmy" : root.path("dates").asString();
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(value -> strings.add(value.asString()));
        return List.copyOf(strings);
    }

    private static Map<String, String> map(JsonNode object) {
        Map<String, String> map = new HashMap<>();
        object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asString()));
        return Map.copyOf(map);
    }

    private static Map<String, List<String>> lists(JsonNode object) {
        Map<String, List<String>> lists = new HashMap<>();
        object.properties().forEach(entry -> lists.put(entry.getKey(), strings(entry.getValue())));
        return Map.copyOf(lists);
    }

    public boolean english() {
        return locale.getLanguage().equals("en");
    }

    /** A word by its key; empty where the language has none. */
    public String word(String key) {
        return words.getOrDefault(key, "");
    }

    /** The words for an abbreviation of a group; null where there are none. */
    public @Nullable String abbreviation(String group, String written) {
        return abbreviations.getOrDefault(group, Map.of()).get(written);
    }

    /** The month, 1 to 12, that a word names, or 0. */
    public int month(String word) {
        for (int i = 0; i < months.size(); i++) {
            for (String name : months.get(i)) {
                if (name.equalsIgnoreCase(word)) {
                    return i + 1;
                }
            }
        }
        return 0;
    }
}
