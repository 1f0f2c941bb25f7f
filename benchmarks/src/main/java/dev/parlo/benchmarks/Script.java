package dev.parlo.benchmarks;

import java.util.HashMap;
import java.util.Map;

/**
 * What every generated model says: a hundred words and the end of the text, so that all engines
 * decode a window of the same number of tokens. The token follows from the decoder's position
 * alone, for the prompt {@code <|startoftranscript|><|en|><|transcribe|><|notimestamps|>}.
 */
final class Script {
    /** Text tokens of a window. */
    static final int TOKENS = 100;

    /** The prompt. */
    static final int[] PROMPT = {50258, 50259, 50359, 50363};

    private static final int END_OF_TEXT = 50257;

    private Script() {}

    /** The token that follows each position. */
    static Map<Integer, Integer> tokens() {
        Map<Integer, Integer> script = new HashMap<>();
        for (int i = 0; i < TOKENS; i++) {
            script.put(PROMPT.length - 1 + i, 5000 + 37 * i);
        }
        script.put(PROMPT.length - 1 + TOKENS, END_OF_TEXT);
        return script;
    }
}
