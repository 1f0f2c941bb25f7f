package dev.parlo.engine.whisper;

import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.words.TimedSpan;
import java.util.ArrayList;
import java.util.List;

/** Cuts a window's tokens into segments where two timestamps meet. */
final class TimestampSplitter {
    /** Mel frames between two timestamps. */
    private static final int FRAMES_PER_TIMESTAMP = 2;

    private final int timestampBegin;

    TimestampSplitter(Vocabulary vocabulary) {
        timestampBegin = vocabulary.timestampBegin();
    }

    /**
     * The segments of a window.
     *
     * @param advance mel frames to the next window
     * @param endsInSingleTimestamp whether nothing is said after the last timestamp
     */
    record Split(List<TimedSpan> spans, int advance, boolean endsInSingleTimestamp) {}

    /**
     * @param tokens of the window
     * @param offset of the window, seconds
     * @param frames of the window
     */
    Split split(int[] tokens, double offset, int frames) {
        int n = tokens.length;
        boolean single = n >= 2 && !isTimestamp(tokens[n - 2]) && isTimestamp(tokens[n - 1]);
        List<TimedSpan> spans = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= n; i++) {
            boolean pair = i < n && isTimestamp(tokens[i]) && isTimestamp(tokens[i - 1]);
            boolean end = i == n && single && !spans.isEmpty();
            if (pair || end) {
                spans.add(
                        new TimedSpan(
                                from,
                                i,
                                offset + seconds(tokens[from]),
                                offset + seconds(tokens[i - 1])));
                from = i;
            }
        }
        if (spans.isEmpty()) {
            spans.add(new TimedSpan(0, n, offset, offset + duration(tokens, frames)));
            return new Split(spans, frames, single);
        }
        // What follows the last pair is unfinished: the next window begins there.
        int advance = single ? frames : (tokens[from - 1] - timestampBegin) * FRAMES_PER_TIMESTAMP;
        return new Split(spans, advance, single);
    }

    private double duration(int[] tokens, int frames) {
        for (int i = tokens.length - 1; i >= 0; i--) {
            if (isTimestamp(tokens[i])) {
                return tokens[i] == timestampBegin ? frames * 0.01 : seconds(tokens[i]);
            }
        }
        return frames * 0.01;
    }

    private boolean isTimestamp(int token) {
        return token >= timestampBegin;
    }

    private double seconds(int token) {
        return Math.max(0, token - timestampBegin) * Vocabulary.TIME_PRECISION;
    }
}
