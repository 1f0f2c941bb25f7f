package dev.parlo.engine.ggml;

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
        List<Piece> segments,
        double averageLogProbability,
        double compressionRatio,
        double temperature) {

    /**
     * A segment within the window.
     *
     * @param startCentiseconds from the window's start
     * @param endCentiseconds from the window's start
     * @param logProbabilities one per token
     */
    record Piece(
            long startCentiseconds,
            long endCentiseconds,
            String text,
            int[] tokens,
            double[] logProbabilities) {}
}
