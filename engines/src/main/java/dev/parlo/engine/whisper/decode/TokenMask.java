package dev.parlo.engine.whisper.decode;

import java.util.BitSet;

/**
 * Text ids that may not be chosen: ids below the first timestamp. A step uploads a mask once and
 * knows it again by identity, so keep and share instances. Immutable and thread-safe.
 */
public final class TokenMask {
    /** Bans nothing. */
    public static final TokenMask NONE = new TokenMask(new BitSet());

    private final BitSet banned;

    public TokenMask(BitSet banned) {
        this.banned = (BitSet) banned.clone();
    }

    public boolean isBanned(int id) {
        return banned.get(id);
    }

    /** A copy of the banned ids. */
    public BitSet banned() {
        return (BitSet) banned.clone();
    }
}
