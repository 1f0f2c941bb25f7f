package dev.parlo.engine.kokoro;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits phonemes that are too many for one run: after the last end of a sentence that fits, else
 * after a colon, else after a comma, else at a space, else anywhere. Nothing is lost but spaces.
 */
final class TokenLimit {
    private static final List<String> WATERFALL = List.of("!.?…", ":;", ",—", " /");

    private TokenLimit() {}

    static List<String> split(String phonemes, int limit) {
        List<String> parts = new ArrayList<>();
        int[] rest = phonemes.codePoints().toArray();
        int from = 0;
        while (rest.length - from > limit) {
            int cut = cut(rest, from, limit);
            add(parts, new String(rest, from, cut - from));
            from = cut;
        }
        add(parts, new String(rest, from, rest.length - from));
        return parts;
    }

    private static void add(List<String> parts, String part) {
        if (!part.isBlank()) {
            parts.add(part.strip());
        }
    }

    private static int cut(int[] phonemes, int from, int limit) {
        for (String marks : WATERFALL) {
            for (int i = from + limit - 1; i > from; i--) {
                if (marks.indexOf(phonemes[i]) >= 0) {
                    int end = i + 1;
                    if (end - from < limit && (phonemes[end] == ')' || phonemes[end] == '”')) {
                        end++;
                    }
                    return end;
                }
            }
        }
        return from + limit;
    }
}
