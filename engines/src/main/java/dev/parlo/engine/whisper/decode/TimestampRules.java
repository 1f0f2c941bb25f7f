package dev.parlo.engine.whisper.decode;

/**
 * Which tokens may follow when timestamps are written: they come in pairs around text, never go
 * back, and the first is early. As CTranslate2's {@code ApplyTimestampRules}. Immutable.
 */
final class TimestampRules {
    /** Which text ids are banned, beyond the suppressed ones. */
    enum TextBan {
        NONE,
        BELOW_END_OF_TEXT,
        ALL
    }

    /**
     * What one row may choose from.
     *
     * @param text ban on text ids
     * @param firstTimestamp lowest timestamp allowed, as an offset
     * @param endTimestamp one above the highest
     * @param dominance whether text is banned too when all allowed timestamps together are likelier
     *     than the best text token
     */
    record Constraint(TextBan text, int firstTimestamp, int endTimestamp, boolean dominance) {}

    private final int timestampBegin;
    private final int timestamps;
    private final int maxInitial;

    /**
     * @param maxInitial highest first timestamp, as an offset
     */
    TimestampRules(TokenIds ids, int maxInitial) {
        timestampBegin = ids.timestampBegin();
        timestamps = ids.timestamps();
        this.maxInitial = maxInitial;
    }

    /**
     * The constraint after {@code tokens}.
     *
     * @param tokens generated so far, forced ones included
     * @param begin how many were forced
     */
    Constraint after(int[] tokens, int begin) {
        int length = tokens.length;
        if (length == 0) {
            int end = Math.clamp(maxInitial + 1L, 0, timestamps);
            return new Constraint(TextBan.ALL, 0, end, false);
        }
        if (length == begin) {
            return new Constraint(TextBan.NONE, 0, timestamps, false);
        }
        int last = tokens[length - 1];
        if (last < timestampBegin) {
            int first = 0;
            for (int i = length - 1; i >= begin; i--) {
                if (tokens[i] >= timestampBegin) {
                    first = tokens[i] - timestampBegin + 1; // no segment of length zero
                    break;
                }
            }
            return new Constraint(TextBan.NONE, first, timestamps, true);
        }
        int before = length - 1 > begin ? tokens[length - 2] : last;
        if (before >= timestampBegin) {
            return new Constraint(TextBan.NONE, 0, 0, false); // the pair is complete
        }
        return new Constraint(TextBan.BELOW_END_OF_TEXT, last - timestampBegin, timestamps, true);
    }
}
