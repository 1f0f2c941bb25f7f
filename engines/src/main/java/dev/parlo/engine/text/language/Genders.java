package dev.parlo.engine.text.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Guesses the gender of a noun in one language: by lists of words, then by its ending. What is
 * right in one language may be wrong in another (Spanish "la parte", Italian "il latte", Spanish
 * "la leche"), so that each has lists of its own. Immutable.
 */
public final class Genders {
    /** The gender of a noun. */
    public enum Gender {
        MASCULINE,
        FEMININE,
        NEUTER
    }

    /** How plurals are written, and the singular that they belong to. */
    private static final List<Map.Entry<String, String>> PLURALS =
            List.of(
                    Map.entry("s", ""),
                    Map.entry("es", ""),
                    Map.entry("x", ""),
                    Map.entry("ces", "z"),
                    Map.entry("ones", "ón"),
                    Map.entry("ões", "ão"),
                    Map.entry("ns", "m"));

    private final Map<Gender, Set<String>> words;
    private final Map<Gender, List<String>> endings;

    private Genders(Map<Gender, Set<String>> words, Map<Gender, List<String>> endings) {
        this.words = Map.copyOf(words);
        this.endings = Map.copyOf(endings);
    }

    /** Of a table's entry {@code nouns}; one that knows nothing where there is none. */
    static Genders of(JsonNode nouns) {
        return new Genders(
                Map.of(
                        Gender.MASCULINE, Set.copyOf(list(nouns, "masculine")),
                        Gender.FEMININE, Set.copyOf(list(nouns, "feminine")),
                        Gender.NEUTER, Set.copyOf(list(nouns, "neuter"))),
                Map.of(
                        Gender.MASCULINE, list(nouns, "masculine-endings"),
                        Gender.FEMININE, list(nouns, "feminine-endings"),
                        Gender.NEUTER, list(nouns, "neuter-endings")));
    }

    /** Lines of words with spaces between them. */
    static List<String> list(JsonNode nouns, String key) {
        List<String> words = new ArrayList<>();
        nouns.path(key).forEach(line -> words.addAll(List.of(line.asString().split(" "))));
        return List.copyOf(words);
    }

    /** Whether a noun is feminine; one that nothing is known of is not. */
    public boolean feminine(String noun) {
        return of(noun) == Gender.FEMININE;
    }

    /**
     * The gender of a noun.
     *
     * @param noun in lower case, in the singular or the plural
     * @return null where nothing tells
     */
    public @Nullable Gender of(String noun) {
        // "un agua" is feminine in the plural: an entry with = holds for one form
        for (Gender gender : Gender.values()) {
            if (of(gender).contains("=" + noun)) {
                return gender;
            }
        }
        List<String> forms = forms(noun);
        for (String form : forms) {
            for (Gender gender : Gender.values()) {
                if (of(gender).contains(form)) {
                    return gender;
                }
            }
        }
        Gender longest = null;
        int length = 0;
        for (Gender gender : Gender.values()) {
            for (String ending : endings.getOrDefault(gender, List.of())) {
                boolean ends = forms.stream().anyMatch(form -> form.endsWith(ending));
                if (ends && ending.length() > length) {
                    longest = gender;
                    length = ending.length();
                }
            }
        }
        return longest;
    }

    private Set<String> of(Gender gender) {
        return words.getOrDefault(gender, Set.of());
    }

    /** The noun and what it may be the plural of. */
    private static List<String> forms(String noun) {
        List<String> forms = new ArrayList<>();
        forms.add(noun);
        for (Map.Entry<String, String> plural : PLURALS) {
            if (noun.length() > plural.getKey().length() + 1 && noun.endsWith(plural.getKey())) {
                String stem = noun.substring(0, noun.length() - plural.getKey().length());
                forms.add(stem + plural.getValue());
            }
        }
        return forms;
    }
}
