package dev.parlo.engine.ggml;

import java.util.ArrayList;
import java.util.List;

/**
 * What one attempt at a window gave.
 *
 * @param segments in order
 * @param averageLogProbability over all tokens of the window, 0 where there are none
 * @param compressionRatio UTF-8 bytes of the window's text over their zlib size
 * @param temperature of the attempt
 */
record WindowResult(
        List<WindowSegment> segments,
        double averageLogProbability,
        double compressionRatio,
        double temperature) {

    /**
     * The segments with times that can be: whisper.cpp takes the times of tokens that are no
     * timestamps for timestamps, so that a window decoded without them begins at −1007 s.
     *
     * @param content centiseconds of audio in the window
     * @return in order, each begins in the window, not before the one before it ends, and ends
     *     after it begins where there is room
     */
    List<WindowSegment> within(long content) {
        List<WindowSegment> bounded = new ArrayList<>();
        long start = 0;
        for (int i = 0; i < segments.size(); i++) {
            WindowSegment piece = segments.get(i);
            start = Math.clamp(piece.startCentiseconds(), start, content);
            long end = Math.min(piece.endCentiseconds(), content);
            if (end <= start) {
                // Without an end of its own it lasts until the next one, or as long as the window.
                end =
                        i + 1 < segments.size()
                                ? Math.clamp(
                                        segments.get(i + 1).startCentiseconds(), start, content)
                                : content;
            }
            bounded.add(
                    new WindowSegment(
                            start, end, piece.text(), piece.tokens(), piece.logProbabilities()));
            start = end;
        }
        return bounded;
    }

    /**
     * A segment within the window.
     *
     * @param startCentiseconds from the window's start
     * @param endCentiseconds from the window's start
     * @param logProbabilities one per token
     */
    record WindowSegment(
            long startCentiseconds,
            long endCentiseconds,
            String text,
            int[] tokens,
            double[] logProbabilities) {}
}
