package dev.parlo.server.speech;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Word error rate: the least number of words to insert, remove or replace, by the number of words
 * that were said. Lower case; letters and apostrophes only, as the figures of the reference answers
 * are counted.
 */
final class WordErrors {
    private int words;
    private int errors;

    /** Returns the errors in this one. */
    int add(String said, String heard) {
        List<String> reference = words(said);
        int found = distance(reference, words(heard));
        words += reference.size();
        errors += found;
        return found;
    }

    double percent() {
        return 100.0 * errors / words;
    }

    static List<String> words(String text) {
        String plain =
                text.toLowerCase(Locale.ROOT)
                        .replace('’', '\'')
                        .replaceAll("[^a-z']+", " ")
                        .strip();
        return plain.isEmpty() ? List.of() : Arrays.asList(plain.split(" "));
    }

    private static int distance(List<String> a, List<String> b) {
        int[] above = new int[b.size() + 1];
        Arrays.setAll(above, i -> i);
        for (int i = 1; i <= a.size(); i++) {
            int[] row = new int[b.size() + 1];
            row[0] = i;
            for (int j = 1; j <= b.size(); j++) {
                int replaced = above[j - 1] + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.size()];
    }
}
