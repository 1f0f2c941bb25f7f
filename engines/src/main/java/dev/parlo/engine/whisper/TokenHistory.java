package dev.parlo.engine.whisper;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.util.Arrays;

/**
 * The tokens written so far, from which the next window's prompt is taken. Only as many are kept as
 * a prompt can hold. Not thread-safe.
 */
final class TokenHistory {
    private static final int KEPT = 448;

    private int[] tokens = new int[0];
    private int[] atReset = new int[0];

    /** Begins with the request's own prompt. */
    static TokenHistory startingWith(TranscribeOptions options, WhisperTokenizer tokenizer) {
        TokenHistory history = new TokenHistory();
        if (options.promptTokens() != null) {
            history.add(options.promptTokens());
        } else if (options.initialPrompt() != null) {
            history.add(tokenizer.encode(" " + options.initialPrompt().strip()));
        }
        if (options.batchSize() != null) {
            // Windows of a batch know nothing of each other: the prompt is for each of them.
            history.atReset = history.tokens;
        }
        return history;
    }

    void add(int[] more) {
        int[] all = Arrays.copyOf(tokens, tokens.length + more.length);
        System.arraycopy(more, 0, all, tokens.length, more.length);
        tokens = Arrays.copyOfRange(all, Math.max(0, all.length - KEPT), all.length);
    }

    void reset() {
        tokens = atReset;
    }

    int[] sinceReset() {
        return tokens;
    }
}
