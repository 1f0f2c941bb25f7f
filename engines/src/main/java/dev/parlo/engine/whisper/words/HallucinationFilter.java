package dev.parlo.engine.whisper.words;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds segments whose words look made up (improbable, too short, too long) and that stand in
 * silence. As faster-whisper's {@code hallucination_silence_threshold}. Thread-safe.
 */
public final class HallucinationFilter {
    private static final String PUNCTUATION = "\"'“¿([{-\"'.。,，!！?？:：”)]}、";
    private static final int JUDGED_WORDS = 8;

    private final double threshold;

    /**
     * @param threshold seconds of silence around a segment from which it is doubted
     */
    public HallucinationFilter(double threshold) {
        this.threshold = threshold;
    }

    /**
     * The window as the filter sees it, in seconds.
     *
     * @param start of the window
     * @param end of its audio
     * @param fullEnd of a full window that begins where this does
     * @param audioEnd of the whole audio
     * @param lastSpeech end of the last word before it
     */
    public record WindowTimes(
            double start, double end, double fullEnd, double audioEnd, double lastSpeech) {}

    /** What to do with a window. */
    public sealed interface Verdict {
        /** Every span stays. */
        record Keep() implements Verdict {}

        /**
         * The first words are doubtful and come after silence: decode again from there.
         *
         * @param seconds to go on, from the start of the window
         */
        record SkipSilence(double seconds) implements Verdict {}

        /**
         * Spans from an index on are dropped.
         *
         * @param resumeAt seconds from the start of the audio; infinite when the audio is over
         */
        record Drop(int fromSpan, double resumeAt) implements Verdict {}
    }

    public Verdict judge(List<TimedSpan> spans, WindowTimes window) {
        TimedSpan first = firstWithWords(spans, 0);
        if (first != null && isAnomalous(first)) {
            double gap = first.start - window.start();
            if (gap > threshold) {
                return new Verdict.SkipSilence(gap);
            }
        }
        double lastEnd = window.lastSpeech();
        for (int i = 0; i < spans.size(); i++) {
            TimedSpan span = spans.get(i);
            if (span.words.isEmpty()) {
                continue;
            }
            if (isAnomalous(span) && standsInSilence(spans, i, lastEnd, window)) {
                boolean over = window.audioEnd() - span.end < threshold;
                double resumeAt =
                        over ? Double.POSITIVE_INFINITY : Math.max(window.start() + 1, span.start);
                return new Verdict.Drop(i, resumeAt);
            }
            lastEnd = span.end;
        }
        return new Verdict.Keep();
    }

    private boolean standsInSilence(
            List<TimedSpan> spans, int index, double lastEnd, WindowTimes window) {
        TimedSpan span = spans.get(index);
        TimedSpan next = firstWithWords(spans, index + 1);
        double nextStart = next == null ? window.end() : next.words.getFirst().start;
        boolean before =
                span.start - lastEnd > threshold
                        || span.start < threshold
                        || span.start - window.start() < 2;
        boolean after =
                nextStart - span.end > threshold
                        || (next != null && isAnomalous(next))
                        || window.fullEnd() - span.end < 2;
        return before && after;
    }

    private static @Nullable TimedSpan firstWithWords(List<TimedSpan> spans, int from) {
        for (int i = from; i < spans.size(); i++) {
            if (!spans.get(i).words.isEmpty()) {
                return spans.get(i);
            }
        }
        return null;
    }

    private static boolean isAnomalous(TimedSpan span) {
        double score = 0;
        int judged = 0;
        for (TimedWord word : span.words) {
            if (!PUNCTUATION.contains(word.text) && judged < JUDGED_WORDS) {
                judged++;
                score += anomaly(word);
            }
        }
        return score >= 3 || score + 0.01 >= judged;
    }

    private static double anomaly(TimedWord word) {
        double score = word.probability < 0.15 ? 1 : 0;
        if (word.duration() < 0.133) {
            score += (0.133 - word.duration()) * 15;
        }
        if (word.duration() > 2) {
            score += word.duration() - 2;
        }
        return score;
    }
}
