package dev.parlo.engine.whisper.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Byte-pair encoding from a vocabulary alone, for checkpoints without {@code tokenizer.json}.
 *
 * <p>GPT-2 style vocabularies number their tokens in the order in which they were merged, so the id
 * of a joined token is the rank of its merge. Thread-safe.
 */
final class BytePairEncoder implements TextEncoder {
    /** GPT-2's words: contractions, letters, digits, other signs, white space. */
    private static final Pattern WORDS =
            Pattern.compile(
                    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private final ByteAlphabet alphabet;
    private final Map<String, Integer> ids = new HashMap<>();

    /**
     * @param textTokens the tokens below the first special one, by id
     */
    BytePairEncoder(List<String> textTokens, ByteAlphabet alphabet) {
        this.alphabet = alphabet;
        for (int id = 0; id < textTokens.size(); id++) {
            ids.putIfAbsent(textTokens.get(id), id);
        }
    }

    @Override
    public int[] encode(String text) {
        List<Integer> encoded = new ArrayList<>();
        Matcher words = WORDS.matcher(text);
        while (words.find()) {
            for (String token : merge(alphabet.spell(words.group()))) {
                Integer id = ids.get(token);
                if (id != null) { // as the reference, which drops what it has no token for
                    encoded.add(id);
                }
            }
        }
        return encoded.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void close() {}

    /** Joins the neighbours of lowest rank, leftmost first, until no two can be joined. */
    private List<String> merge(String word) {
        List<String> parts = new ArrayList<>(word.length());
        for (int i = 0; i < word.length(); i++) {
            parts.add(word.substring(i, i + 1));
        }
        while (true) {
            int best = -1;
            int rank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                Integer id = ids.get(parts.get(i) + parts.get(i + 1));
                if (id != null && id < rank) {
                    rank = id;
                    best = i;
                }
            }
            if (best < 0) {
                return parts;
            }
            parts.set(best, parts.get(best) + parts.remove(best + 1));
        }
    }
}
