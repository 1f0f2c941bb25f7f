package dev.parlo.engine.kokoro;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Kokoro was trained to say for the small words of English, and for words that are said in two
 * ways: from a table of the program. Immutable.
 */
final class EnglishWords {
    private static final String VOWELS = EnglishVowels.ALL;

    private final Map<String, String> stress = new HashMap<>();
    private final Map<String, String> said = new HashMap<>();
    private final Map<String, Heteronym> heteronyms = new HashMap<>();
    private final Map<String, Set<String>> neighbours = new HashMap<>();

    /** The ways to say a word, by "noun" (or adjective), "verb" and "past". */
    private record Heteronym(Map<String, String> ways, String usual) {
        String way(String kind) {
            return ways.getOrDefault(kind, ways.getOrDefault(usual, ""));
        }
    }

    EnglishWords(boolean british) {
        JsonNode table = table();
        for (String kind : new String[] {"weak", "secondary", "primary"}) {
            String mark = kind.equals("weak") ? "" : kind.equals("primary") ? "ˈ" : "ˌ";
            table.path(kind).forEach(word -> stress.put(word.asString(), mark));
        }
        table.path("said")
                .path(british ? "british" : "american")
                .properties()
                .forEach(word -> said.put(word.getKey(), word.getValue().asString()));
        table.path("heteronyms")
                .properties()
                .forEach(word -> {
                    Map<String, String> ways = new HashMap<>();
                    word.getValue()
                            .properties()
                            .forEach(way -> {
                                if (way.getValue().isArray()) {
                                    ways.put(
                                            way.getKey(),
                                            way.getValue().get(british ? 1 : 0).asString());
                                }
                            });
                    heteronyms.put(
                            word.getKey(),
                            new Heteronym(ways, word.getValue().path("usual").asString()));
                });
        for (String list :
                new String[] {
                    "before-verbs",
                    "before-nouns",
                    "before-past",
                    "after-live",
                    "after-lead",
                    "past-times"
                }) {
            Set<String> words = new HashSet<>();
            table.path(list).forEach(word -> words.add(word.asString()));
            neighbours.put(list, words);
        }
    }

    private static JsonNode table() {
        try (InputStream file = EnglishWords.class.getResourceAsStream("words-en.json")) {
            if (file == null) {
                throw new IllegalStateException("no words-en.json in the program");
            }
            return new JsonMapper().readTree(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * How a small word or one of two readings is said in its place, or null for any other.
     *
     * @param near words around it
     * @param listed whether a dictionary has the word
     */
    @Nullable String said(
            String word, String before, String after, Set<String> near, boolean listed) {
        Heteronym heteronym = heteronyms.get(word);
        if (heteronym != null) {
            return heteronym.way(kind(word, before, after, near));
        }
        return listed ? null : said.get(word);
    }

    private String kind(String word, String before, String after, Set<String> near) {
        if (word.equals("read")) {
            boolean past =
                    has("before-past", before)
                            || !has("before-verbs", before) && !before.isEmpty()
                            || near.stream().anyMatch(other -> has("past-times", other));
            boolean modal =
                    has("before-verbs", before)
                            && !Set.of("i", "you", "we", "they", "who", "and", "people")
                                    .contains(before);
            return past && !modal ? "past" : "verb";
        }
        if (word.equals("live") && has("after-live", after)
                || word.equals("lead") && has("after-lead", after)
                || word.equals("close") && after.equals("to")) {
            return "noun";
        }
        if (word.equals("lead") && has("before-nouns", before)) {
            return "verb"; // the lead in a race sounds like the verb
        }
        if (word.equals("close") && Set.of("the", "please", "").contains(before)) {
            return Set.of("the", "your", "my", "it", "that", "this", "all").contains(after)
                    ? "verb"
                    : "noun";
        }
        if (has("before-verbs", before)) {
            return "verb";
        }
        if (has("before-nouns", before)) {
            return "noun";
        }
        return "";
    }

    private boolean has(String list, String word) {
        return neighbours.getOrDefault(list, Set.of()).contains(word);
    }

    /** The phonemes with the stress that a small word has; others stay as they are. */
    String stressed(String word, String phonemes) {
        String mark = stress.get(word.toLowerCase(Locale.ROOT));
        boolean letters =
                word.length() > 1
                        && word.chars().allMatch(Character::isUpperCase)
                        && phonemes.indexOf('ˈ') >= 0
                        && phonemes.indexOf('ˌ') >= 0;
        // US and IT that were spelled are not the small words
        if (mark == null || letters) {
            return phonemes;
        }
        if (mark.equals("ˈ")) {
            return phonemes.indexOf('ˈ') >= 0 ? phonemes : phonemes.replace('ˌ', 'ˈ');
        }
        String plain = phonemes.replace("ˈ", "").replace("ˌ", "");
        for (int i = 0; i < plain.length(); i++) {
            if (VOWELS.indexOf(plain.charAt(i)) >= 0) {
                return plain.substring(0, i) + mark + plain.substring(i);
            }
        }
        return plain;
    }
}
