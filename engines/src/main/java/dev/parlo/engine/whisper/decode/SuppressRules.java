package dev.parlo.engine.whisper.decode;

import dev.parlo.engine.whisper.decode.TimestampRules.TextBan;
import java.util.BitSet;

/**
 * The suppressed ids as masks: shared instances, so that a step uploads each only once. Immutable
 * and thread-safe; keep one for every list of ids in use.
 */
public final class SuppressRules {
    private final TokenMask always;
    private final TokenMask atBegin;
    private final TokenMask belowEndOfText;
    private final TokenMask all;
    private final BitSet timestamps = new BitSet();

    /**
     * @param suppressed ids that never may be chosen
     * @param suppressedAtBegin ids that may not be the first choice, such as a blank or end of text
     * @param withTimestamps whether {@code <|notimestamps|>} is banned too
     */
    public SuppressRules(
            TokenIds ids, int[] suppressed, int[] suppressedAtBegin, boolean withTimestamps) {
        int textEnd = ids.timestampBegin();
        BitSet banned = new BitSet();
        for (int id : suppressed) {
            (id < textEnd ? banned : timestamps).set(id);
        }
        banned.set(ids.noTimestamps(), withTimestamps || banned.get(ids.noTimestamps()));
        always = new TokenMask(banned);
        BitSet begin = (BitSet) banned.clone();
        for (int id : suppressedAtBegin) {
            begin.set(id);
        }
        atBegin = new TokenMask(begin);
        BitSet below = (BitSet) banned.clone();
        below.set(0, ids.endOfText());
        belowEndOfText = new TokenMask(below);
        BitSet everything = new BitSet();
        everything.set(0, textEnd);
        all = new TokenMask(everything);
    }

    TokenMask mask(TextBan ban, boolean begin) {
        return switch (ban) {
            case NONE -> begin ? atBegin : always;
            case BELOW_END_OF_TEXT -> belowEndOfText;
            case ALL -> all;
        };
    }

    /** True where a mask of text ids cannot say everything. */
    boolean bansTimestamps() {
        return !timestamps.isEmpty();
    }

    boolean bansTimestamp(int id) {
        return timestamps.get(id);
    }
}
