package dev.parlo.engine.whisper.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
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

    /**
     * Two neighbours that could be joined.
     *
     * @param left index of the first one's first character
     */
    private record Pair(int rank, int left, String joined) {}

    /**
     * Joins the neighbours of lowest rank, leftmost first, until no two can be joined. Pairs wait
     * in a queue, since a prompt may hold a word of a million letters; one whose parts have changed
     * meanwhile is passed over.
     */
    private List<String> merge(String word) {
        int length = word.length();
        String[] parts = new String[length]; // by the index of their first character
        int[] ends = new int[length]; // one after a part's last character
        int[] starts = new int[length + 1]; // first character of the part that ends there
        for (int i = 0; i < length; i++) {
            parts[i] = word.substring(i, i + 1);
            ends[i] = i + 1;
            starts[i + 1] = i;
        }
        PriorityQueue<Pair> pairs =
                new PriorityQueue<>(
                        Comparator.comparingInt(Pair::rank).thenComparingInt(Pair::left));
        for (int i = 0; i + 1 < length; i++) {
            offer(pairs, parts, ends, i);
        }
        for (Pair pair = pairs.poll(); pair != null; pair = pairs.poll()) {
            int left = pair.left();
            int right = ends[left];
            int end = left + pair.joined().length();
            boolean stands =
                    starts[right] == left && right < length && right < end && ends[right] == end;
            if (!stands) {
                continue;
            }
            parts[left] = pair.joined();
            ends[left] = end;
            starts[end] = left;
            offer(pairs, parts, ends, left);
            if (left > 0) {
                offer(pairs, parts, ends, starts[left]);
            }
        }
        List<String> merged = new ArrayList<>();
        for (int i = 0; i < length; i = ends[i]) {
            merged.add(parts[i]);
        }
        return merged;
    }

    /** Queues a part with the one after it, where the vocabulary has them as one. */
    private void offer(PriorityQueue<Pair> pairs, String[] parts, int[] ends, int left) {
        if (ends[left] < parts.length) {
            String joined = parts[left] + parts[ends[left]];
            Integer rank = ids.get(joined);
            if (rank != null) {
                pairs.add(new Pair(rank, left, joined));
            }
        }
    }
}
