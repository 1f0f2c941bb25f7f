package dev.parlo.spark;

import dev.parlo.engine.vad.SpeechSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a long recording is split: in the longest pause of the second half of what a piece may
 * have. Only speech without any pause in all that time is cut amid. The pieces cover all of it, in
 * order, and none is longer than allowed. Immutable.
 *
 * @param longest samples of a piece, at least 2
 */
record PieceCutter(long longest) {
    /**
     * Cuts a recording.
     *
     * @param speech in order
     * @param length samples of the recording
     * @return where each piece ends; the last is {@code length}
     */
    List<Long> ends(List<SpeechSpan> speech, long length) {
        List<Long> ends = new ArrayList<>();
        long start = 0;
        int next = 0;
        while (length - start > longest) {
            long earliest = start + longest / 2;
            long latest = start + longest;
            while (next < speech.size() && speech.get(next).end() < earliest) {
                next++;
            }
            start = cut(speech, next, earliest, latest);
            ends.add(start);
        }
        if (length > start || ends.isEmpty()) {
            ends.add(length);
        }
        return ends;
    }

    /** The middle of the longest pause between two samples; the later where there is none. */
    private static long cut(List<SpeechSpan> speech, int first, long earliest, long latest) {
        long best = latest;
        long longestPause = 0;
        long pauseFrom = first == 0 ? 0 : speech.get(first - 1).end();
        for (int i = first; i <= speech.size() && pauseFrom < latest; i++) {
            long pauseTo = i < speech.size() ? speech.get(i).start() : Long.MAX_VALUE;
            long from = Math.max(pauseFrom, earliest);
            long to = Math.min(pauseTo, latest);
            if (to - from > longestPause) {
                longestPause = to - from;
                best = from + (to - from) / 2;
            }
            if (i < speech.size()) {
                pauseFrom = speech.get(i).end();
            }
        }
        return best;
    }
}
