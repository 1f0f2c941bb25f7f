package dev.parlo.engine.whisper;

import dev.parlo.engine.whisper.TimestampSplitter.Split;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.words.TimedSpan;
import java.util.List;

/**
 * Notices windows that end while somebody still speaks. A last timestamp with nothing after it
 * means that the rest of the window is silence; where a voice activity detector has heard speech
 * there, the model broke off, mostly in the middle of a sentence. One chunk's, not thread-safe.
 */
final class EarlyEnd {
    /**
     * Frames after the last timestamp that may well be silence: the padding of a stretch of speech,
     * and what a detector is late.
     */
    private static final int SILENT = 2 * MelSpectrogram.FRAMES_PER_SECOND;

    /** A sentence that begins earlier in its window has been heard from its beginning. */
    private static final int BEGINNING = MelSpectrogram.FRAMES_PER_SECOND / 2;

    /** Windows of a chunk more than it would have had. */
    private static final int MOST = 8;

    private int found;

    /**
     * How much of a window is taken as transcribed.
     *
     * @param spans of the window; the last is taken out where it is to be heard again
     * @param offset of the window, seconds
     * @param frames of the window
     * @return mel frames, at most {@code frames}
     */
    int taken(Split split, List<TimedSpan> spans, double offset, int frames) {
        TimedSpan last = spans.getLast();
        int start = Clips.frame(last.start() - offset);
        int end = Clips.frame(last.end() - offset);
        if (!split.endsInSingleTimestamp() || frames - end <= SILENT || found == MOST) {
            return Math.min(split.advance(), frames);
        }
        found++;
        if (spans.size() > 1 && start > BEGINNING) {
            // What is said last has no end that could be trusted: heard again, it comes first.
            spans.removeLast();
            return start;
        }
        return Math.max(end, BEGINNING);
    }
}
