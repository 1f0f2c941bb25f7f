package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Dictionaries of English in Kokoro's alphabet, as its reference front end misaki has them: {@code
 * us_gold.json}, {@code us_silver.json}, {@code gb_gold.json}, {@code gb_silver.json} in a folder,
 * any of them. They do not come with this program. Read when an accent is first spoken and kept.
 * Thread-safe.
 */
public final class KokoroLexicons {
    private static final int MAX_BYTES = 32 << 20;
    private static final int LONGEST_WORD = 60;
    private static final List<String> FILES =
            List.of("us_gold.json", "us_silver.json", "gb_gold.json", "gb_silver.json");

    private final @Nullable Path folder;
    private final Map<Boolean, Map<String, String>> accents = new HashMap<>();

    private KokoroLexicons(@Nullable Path folder) {
        this.folder = folder;
    }

    public static KokoroLexicons none() {
        return new KokoroLexicons(null);
    }

    /**
     * The dictionaries of a folder.
     *
     * @throws EngineException of category BAD_MODEL when it has none of the files, or one that
     *     cannot be read
     */
    public static KokoroLexicons in(Path folder) {
        if (FILES.stream().noneMatch(name -> Files.isRegularFile(folder.resolve(name)))) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    folder + " has none of the dictionaries " + String.join(", ", FILES) + ".");
        }
        KokoroLexicons lexicons = new KokoroLexicons(folder);
        lexicons.words(true);
        lexicons.words(false);
        return lexicons;
    }

    /** The dictionaries that the folder has, by their names. */
    public List<String> files() {
        Path here = folder;
        return here == null
                ? List.of()
                : FILES.stream().filter(name -> Files.isRegularFile(here.resolve(name))).toList();
    }

    /** How many words they have of one of the two accents. */
    public int size(boolean british) {
        return words(british).size();
    }

    /** The phonemes of a word, or null where there are none. */
    @Nullable String said(String word, boolean british) {
        Map<String, String> words = words(british);
        if (words.isEmpty() || word.length() > LONGEST_WORD) {
            return null;
        }
        String known = known(words, word);
        return known != null
                ? known
                : EnglishEndings.said(word, british, stem -> known(words, stem));
    }

    private static @Nullable String known(Map<String, String> words, String word) {
        String exact = words.get(word);
        if (exact != null) {
            return exact;
        }
        String lower = word.toLowerCase(Locale.ROOT);
        String small = words.get(lower);
        if (small != null || lower.isEmpty()) {
            return small;
        }
        return words.get(lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1));
    }

    private synchronized Map<String, String> words(boolean british) {
        return accents.computeIfAbsent(british, this::read);
    }

    private Map<String, String> read(boolean british) {
        Map<String, String> words = new HashMap<>();
        if (folder == null) {
            return words;
        }
        // the silver one, which nobody has checked, first: the gold one replaces its words
        for (String kind : new String[] {"_silver.json", "_gold.json"}) {
            Path file = folder.resolve((british ? "gb" : "us") + kind);
            if (Files.isRegularFile(file)) {
                new ModelFile(file, MAX_BYTES)
                        .json()
                        .properties()
                        .forEach(entry -> put(words, entry.getKey(), entry.getValue()));
            }
        }
        return words;
    }

    /** Of the readings by part of speech only the usual one: there is no tagger here. */
    private static void put(Map<String, String> words, String word, JsonNode said) {
        JsonNode usual = said.isObject() ? said.path("DEFAULT") : said;
        if (usual.isString()) {
            words.put(word, usual.asString().replace('ɾ', 'T'));
        }
    }
}
