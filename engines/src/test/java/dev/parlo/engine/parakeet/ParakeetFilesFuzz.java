package dev.parlo.engine.parakeet;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code vocab.txt} of a model, and words of its pieces. */
public final class ParakeetFilesFuzz {
    private ParakeetFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = Files.createTempFile("vocab", ".txt");
        try {
            Files.write(file, input);
            PieceVocabulary vocabulary = PieceVocabulary.read(file);
            List<TimedToken> tokens = new ArrayList<>();
            for (int id = 0; id < vocabulary.size(); id++) {
                tokens.add(new TimedToken(id, id, id % 5, -1));
            }
            double last = 0;
            for (TokenWords.Spoken word : new TokenWords(vocabulary).words(tokens)) {
                if (word.start() < last || word.end() <= word.start() || word.text().isBlank()) {
                    throw new AssertionError(
                            word
                                    + " after "
                                    + last
                                    + " in "
                                    + new String(input, StandardCharsets.UTF_8));
                }
                last = word.start();
            }
        } catch (EngineException refused) {
            if (refused.category() != EngineException.Category.BAD_MODEL) {
                throw refused;
            }
        } finally {
            Files.delete(file);
        }
    }
}
