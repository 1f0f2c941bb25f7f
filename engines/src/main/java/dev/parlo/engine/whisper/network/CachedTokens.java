package dev.parlo.engine.whisper.network;

import java.util.Arrays;

/**
 * The tokens whose keys and values a cache row holds, and the prefill that they go back to. Not
 * thread-safe.
 */
public final class CachedTokens {
    private int[] tokens = new int[64];
    private int length;
    private Object origin = new Object();

    public int length() {
        return length;
    }

    /** Tokens written from a position on; what was behind them is gone. */
    public void write(int position, int[] written) {
        if (position == 0) {
            // Another hypothesis, perhaps of other audio: the same tokens have other keys there.
            origin = new Object();
        }
        reserve(position + written.length);
        System.arraycopy(written, 0, tokens, position, written.length);
        length = position + written.length;
    }

    public void clear() {
        length = 0;
    }

    /**
     * How many of the first {@code limit} tokens both rows hold alike; none where they do not go
     * back to the same prefill.
     */
    public int commonPrefix(CachedTokens other, int limit) {
        if (origin != other.origin) {
            return 0;
        }
        int most = Math.min(limit, Math.min(length, other.length));
        int mismatch = Arrays.mismatch(tokens, 0, most, other.tokens, 0, most);
        return mismatch < 0 ? most : mismatch;
    }

    public void copy(CachedTokens other, int count) {
        reserve(count);
        System.arraycopy(other.tokens, 0, tokens, 0, count);
        length = count;
        origin = other.origin;
    }

    private void reserve(int count) {
        if (tokens.length < count) {
            tokens = Arrays.copyOf(tokens, Math.max(count, 2 * tokens.length));
        }
    }
}
