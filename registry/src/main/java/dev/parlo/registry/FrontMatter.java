package dev.parlo.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The YAML head of a model card, as far as the registry reads it: top-level keys with one word or a
 * list of words. Everything deeper (evaluation results, widget texts) is passed over, and a line
 * that makes no sense costs that line only, so that no card can spoil a listing. Words are never
 * turned into numbers or booleans: {@code language: no} is Norwegian.
 */
record FrontMatter(Map<String, List<String>> values) {
    static final FrontMatter EMPTY = new FrontMatter(Map.of());
    private static final int LONGEST = 256 * 1024;

    FrontMatter {
        values = Map.copyOf(values);
    }

    /** The head of a README.md; empty when it has none. */
    static FrontMatter of(String readme) {
        String text = readme.length() > LONGEST ? readme.substring(0, LONGEST) : readme;
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().replace("\uFEFF", "").strip().equals("---")) {
            return EMPTY;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        @Nullable List<String> open = null;
        for (String line : lines.subList(1, lines.size())) {
            if (line.strip().equals("---")) {
                return new FrontMatter(values);
            }
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            String item = line.strip();
            if (item.startsWith("- ") && open != null && indent(line) <= 2) {
                String word = word(item.substring(2));
                if (!word.isEmpty() && !isMapping(item.substring(2).strip())) {
                    open.add(word);
                }
                continue;
            }
            if (indent(line) > 0) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                open = null;
                continue;
            }
            open = new ArrayList<>(words(line.substring(colon + 1).strip()));
            values.put(word(line.substring(0, colon)), open);
        }
        return EMPTY; // never closed: then it is text, not a head
    }

    /** The words under a key; empty when it is absent. */
    List<String> list(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** The first word under a key. */
    @Nullable String first(String key) {
        List<String> words = list(key);
        return words.isEmpty() ? null : words.getFirst();
    }

    private static int indent(String line) {
        int spaces = 0;
        while (spaces < line.length() && line.charAt(spaces) == ' ') {
            spaces++;
        }
        return spaces;
    }

    private static boolean isMapping(String item) {
        return item.matches("[A-Za-z0-9_-]+:(?:\\s.*)?");
    }

    private static List<String> words(String value) {
        String text = uncommented(value);
        if (text.isEmpty()
                || text.startsWith("{")
                || text.startsWith("|")
                || text.startsWith(">")) {
            return List.of();
        }
        if (!text.startsWith("[")) {
            String word = word(text);
            return word.isEmpty() ? List.of() : List.of(word);
        }
        String inner = text.substring(1, text.endsWith("]") ? text.length() - 1 : text.length());
        List<String> words = new ArrayList<>();
        for (String part : inner.split(",", -1)) {
            String word = word(part);
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private static String word(String text) {
        String word = uncommented(text.strip());
        if (word.length() >= 2
                && (word.charAt(0) == '"' || word.charAt(0) == '\'')
                && word.charAt(word.length() - 1) == word.charAt(0)) {
            word = word.substring(1, word.length() - 1);
        }
        return word.equals("null") || word.equals("~") ? "" : word;
    }

    private static String uncommented(String text) {
        if (text.startsWith("\"") || text.startsWith("'")) {
            int end = text.indexOf(text.charAt(0), 1);
            return end < 0 ? text : text.substring(0, end + 1);
        }
        int comment = text.indexOf(" #");
        return (comment < 0 ? text : text.substring(0, comment)).strip();
    }
}
