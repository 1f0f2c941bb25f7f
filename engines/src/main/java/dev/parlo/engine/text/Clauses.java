package dev.parlo.engine.text;

/**
 * Where a text may be cut so that the joint is heard as a pause that is written: behind the mark of
 * a clause, and never within what was written out for one item.
 */
public final class Clauses {
    private static final String MARKS = ",;:—–…)";
    private static final String WIDE_MARKS = "，；：、。！？";
    private static final String CLOSERS = "\"'”’»)]";

    private Clauses() {}

    /** The first cut behind {@code least} characters, or -1. */
    static int first(MappedText text, int least) {
        for (int i = Math.max(1, least); i < text.length() - 1; i++) {
            if (clause(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /** The last cut between {@code least} and {@code most} characters, or -1. */
    static int last(MappedText text, int least, int most) {
        for (int i = Math.min(most, text.length() - 1); i > least; i--) {
            if (clause(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Where to cut a text that cannot stay whole: behind the mark of a clause near its middle, else
     * at a space there, else between two characters of a script without spaces, else in the middle;
     * in an item only where there is nothing else. For a text of two characters or more.
     */
    public static int middle(MappedText text) {
        int length = text.length();
        int half = length / 2;
        int clause = nearest(text, half, length / 4, true);
        if (clause > 0) {
            return clause;
        }
        int space = nearest(text, half, half - 1, false);
        if (space > 0) {
            return space;
        }
        int apart = apart(text, half, 0);
        for (int i = half + 1; i < length && (apart < 0 || i - half < half - apart); i++) {
            apart = apart(text, i, i - 1) > 0 ? i : apart;
        }
        if (apart > 0) {
            return apart;
        }
        for (int i = half; i > 0; i--) {
            if (Character.isWhitespace(text.text().charAt(i))) {
                return i;
            }
        }
        return between(text, Math.max(1, half));
    }

    /** The last place between characters that need no space between them and are in no item. */
    private static int apart(MappedText text, int most, int least) {
        String s = text.text();
        for (int i = most; i > least; i--) {
            if (SourceWords.alone(s.charAt(i - 1))
                    && SourceWords.alone(s.charAt(i))
                    && !oneItem(text, i - 1, i)) {
                return i;
            }
        }
        return -1;
    }

    /** The place itself or the next one before it that is in no item and in no character. */
    private static int between(MappedText text, int place) {
        String s = text.text();
        int cut = place;
        while (cut > 1 && oneItem(text, cut - 1, cut)) {
            cut--;
        }
        if (cut == 1 && oneItem(text, 0, 1)) {
            // an item longer than what may stay whole
            cut = place;
        }
        return cut > 1 && Character.isLowSurrogate(s.charAt(cut)) ? cut - 1 : cut;
    }

    /**
     * The last space before {@code most} that is in no item, else the last one there, since an item
     * may be longer than any chunk: its words at least stay whole. Without a space {@code most}.
     */
    static int space(MappedText text, int most) {
        int within = -1;
        for (int i = Math.min(most, text.length() - 1); i > most / 2; i--) {
            if (Character.isWhitespace(text.text().charAt(i))) {
                if (!inItem(text, i)) {
                    return i;
                }
                within = Math.max(within, i);
            }
        }
        int apart = apart(text, Math.min(most, text.length() - 1), most / 2);
        if (apart > 0) {
            return apart;
        }
        if (within > 0) {
            return within;
        }
        return between(text, Math.min(most, text.length() - 1));
    }

    private static int nearest(MappedText text, int middle, int reach, boolean clause) {
        for (int distance = 0; distance <= reach; distance++) {
            for (int i : new int[] {middle - distance, middle + distance}) {
                if (i <= 0 || i >= text.length() - 1) {
                    continue;
                }
                boolean fits =
                        clause
                                ? clause(text, i)
                                : Character.isWhitespace(text.text().charAt(i)) && !inItem(text, i);
                if (fits) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static boolean clause(MappedText text, int at) {
        String s = text.text();
        if (WIDE_MARKS.indexOf(s.charAt(at - 1)) >= 0) {
            return CLOSERS.indexOf(s.charAt(at)) < 0 && !inItem(text, at);
        }
        if (!Character.isWhitespace(s.charAt(at))) {
            return s.charAt(at - 1) == '—' && !inItem(text, at);
        }
        int mark = at - 1;
        while (mark > 0
                && at - mark < 4
                && CLOSERS.indexOf(s.charAt(mark)) >= 0
                && MARKS.indexOf(s.charAt(mark)) < 0) {
            mark--;
        }
        return MARKS.indexOf(s.charAt(mark)) >= 0 && !inItem(text, at);
    }

    /** Whether what stands on both sides of a place was written out for one thing. */
    private static boolean inItem(MappedText text, int at) {
        return oneItem(text, at - 1, Math.min(at + 1, text.length() - 1));
    }

    private static boolean oneItem(MappedText text, int before, int after) {
        return text.sourceStart(before) == text.sourceStart(after)
                && text.sourceEnd(before) == text.sourceEnd(after)
                && text.sourceEnd(before) > text.sourceStart(before);
    }
}
