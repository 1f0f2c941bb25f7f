package dev.parlo.engine.whisper.tokenizer;

import java.util.Arrays;

/**
 * Turns the tokens of one utterance into text as they come, holding back the bytes of a character
 * that is not complete yet. Not thread-safe.
 */
final class TextStream {
    private final WhisperTokenizer tokenizer;
    private byte[] pending = new byte[0];

    TextStream(WhisperTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that this token completes; empty for a special token. */
    public String append(int token) {
        byte[] more = tokenizer.bytes(token);
        byte[] all = Arrays.copyOf(pending, pending.length + more.length);
        System.arraycopy(more, 0, all, pending.length, more.length);
        int whole = all.length - LossyUtf8.incompleteTail(all, all.length);
        pending = Arrays.copyOfRange(all, whole, all.length);
        return LossyUtf8.decode(all, 0, whole);
    }

    /** What is left at the end: U+FFFD where a character never was completed. */
    public String finish() {
        String rest = LossyUtf8.decode(pending);
        pending = new byte[0];
        return rest;
    }
}
