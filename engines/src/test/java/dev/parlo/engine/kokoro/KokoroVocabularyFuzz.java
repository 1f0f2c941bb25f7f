package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.util.Arrays;

/** Kokoro's symbols as its folder has them: lines, or JSON. The first byte chooses. */
public final class KokoroVocabularyFuzz {
    private KokoroVocabularyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        FuzzInput.asFile(
                Arrays.copyOfRange(input, 1, input.length),
                (input[0] & 1) == 0 ? "tokens.txt" : "config.json",
                file -> {
                    try {
                        KokoroVocabulary.of(file.resolveSibling(""));
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }
}
