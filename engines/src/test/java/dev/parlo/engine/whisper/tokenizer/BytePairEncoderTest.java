package dev.parlo.engine.whisper.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BytePairEncoderTest {
    private static final String LETTERS = "abc";

    @Property(tries = 300)
    void joinsTheLowestRankFirstAndTheLeftmostOfEquals(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> vocabulary = vocabulary(random);
        BytePairEncoder encoder = new BytePairEncoder(vocabulary, new ByteAlphabet());
        String word = word(random, 1 + random.nextInt(30));
        List<String> tokens = new ArrayList<>();
        for (int id : encoder.encode(word)) {
            tokens.add(vocabulary.get(id));
        }
        assertThat(tokens).as(word).isEqualTo(plain(word, vocabulary));
    }

    @Test
    void aWordOfAMillionLettersComesToAnEnd() {
        BytePairEncoder encoder =
                new BytePairEncoder(List.of("a", "aa", "aaaa"), new ByteAlphabet());
        int[] ids = encoder.encode("a".repeat(1_000_001));
        assertThat(ids).hasSize(250_001).endsWith(2, 0);
    }

    private static List<String> vocabulary(Random random) {
        Set<String> tokens = new LinkedHashSet<>(List.of(LETTERS.split("")));
        for (int i = 0; i < 12; i++) {
            List<String> known = List.copyOf(tokens);
            tokens.add(
                    known.get(random.nextInt(known.size()))
                            + known.get(random.nextInt(known.size())));
        }
        return List.copyOf(tokens);
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    private static List<String> plain(String word, List<String> vocabulary) {
        List<String> parts = new ArrayList<>(List.of(word.split("")));
        while (true) {
            int best = -1;
            int rank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < parts.size(); i++) {
                int id = vocabulary.indexOf(parts.get(i) + parts.get(i + 1));
                if (id >= 0 && id < rank) {
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
