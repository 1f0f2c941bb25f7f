package dev.parlo.engine.whisper;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Counts words that were heard wrong: lower case, letters and apostrophes only. */
final class WordErrors {
    private int errors;
    private int words;

    void add(String reference, String heard) {
        List<String> expected = words(reference);
        errors += distance(expected, words(heard));
        words += expected.size();
    }

    /** Errors for each word of the references. */
    double rate() {
        return errors / (double) words;
    }

    private static List<String> words(String text) {
        String letters = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z']+", " ").strip();
        return letters.isEmpty() ? List.of() : List.of(letters.split(" "));
    }

    private static int distance(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.size(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.size(); j++) {
                int substituted = diagonal + (a.get(i - 1).equals(b.get(j - 1)) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.size()];
    }
}
