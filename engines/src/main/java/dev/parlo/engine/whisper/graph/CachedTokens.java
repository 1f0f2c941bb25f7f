package dev.parlo.engine.whisper.graph;

import java.util.Arrays;

/** The tokens whose keys and values a cache row holds. Not thread-safe. */
final class CachedTokens {
    private int[] tokens = new int[64];
    private int length;

    int length() {
        return length;
    }

    /** Tokens written from a position on; what was behind them is gone. */
    void write(int position, int[] written) {
        reserve(position + written.length);
        System.arraycopy(written, 0, tokens, position, written.length);
        length = position + written.length;
    }

    void truncate(int to) {
        length = to;
    }

    /** How many of the first {@code limit} tokens both rows hold alike. */
    int commonPrefix(CachedTokens other, int limit) {
        int most = Math.min(limit, Math.min(length, other.length));
        int mismatch = Arrays.mismatch(tokens, 0, most, other.tokens, 0, most);
        return mismatch < 0 ? most : mismatch;
    }

    void copy(CachedTokens other, int count) {
        reserve(count);
        System.arraycopy(other.tokens, 0, tokens, 0, count);
        length = count;
    }

    private void reserve(int count) {
        if (tokens.length < count) {
            tokens = Arrays.copyOf(tokens, Math.max(count, 2 * tokens.length));
        }
    }
}
