package dev.parlo.engine.whisper.words;

import dev.parlo.engine.whisper.window.EncodedWindow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Gives the segments of a window their words, and corrects words that alignment made too long at
 * the ends of sentences and segments. As faster-whisper's {@code add_word_timestamps}. Thread-safe.
 */
public final class WordTimings {
    private static final String SENTENCE_ENDS = ".。!！?？";

    private final WordAligner aligner;

    public WordTimings(WordAligner aligner) {
        this.aligner = aligner;
    }

    /**
     * What there is to align.
     *
     * @param audio of the window
     * @param startSequence start of transcript, with language and task
     * @param seek first mel frame of the window
     * @param frames mel frames of the window
     * @param tokens of the window, timestamps included
     */
    public record WindowTokens(
            EncodedWindow audio,
            int[] startSequence,
            String language,
            int seek,
            int frames,
            int[] tokens) {}

    /**
     * @param spans changed in place: words set, start and end moved to them
     * @param endOfText ids from here on are not text
     * @param lastSpeech end of the last word before this window, seconds
     */
    public void apply(
            List<TimedSpan> spans,
            WindowTokens window,
            int endOfText,
            String prepend,
            String append,
            double lastSpeech) {
        int[] lengths = new int[spans.size()];
        int[] text = new int[window.tokens().length];
        int length = 0;
        for (int i = 0; i < lengths.length; i++) {
            for (int at = spans.get(i).from(); at < spans.get(i).to(); at++) {
                if (window.tokens()[at] < endOfText) {
                    text[length++] = window.tokens()[at];
                    lengths[i]++;
                }
            }
        }
        List<TimedWord> words =
                aligner.words(
                        window.audio(),
                        window.startSequence(),
                        Arrays.copyOf(text, length),
                        window.frames(),
                        window.language());
        double median = Math.min(0.7, medianDuration(words));
        shortenAtSentenceEnds(words, 2 * median);
        PunctuationMerge.apply(words, prepend, append);
        distribute(words, spans, lengths, window.seek() / 100.0);
        double last = lastSpeech;
        for (TimedSpan span : spans) {
            if (!span.words.isEmpty()) {
                settle(span, median, last);
                last = span.end;
            }
        }
    }

    /** End of the last word, or of the last span where none has words. */
    public static OptionalDouble lastEnd(List<TimedSpan> spans) {
        for (TimedSpan span : spans.reversed()) {
            if (!span.words.isEmpty()) {
                return OptionalDouble.of(span.words.getLast().end);
            }
        }
        return spans.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(spans.getLast().end);
    }

    private static double medianDuration(List<TimedWord> words) {
        double[] durations =
                words.stream()
                        .mapToDouble(TimedWord::duration)
                        .filter(d -> d != 0)
                        .sorted()
                        .toArray();
        int n = durations.length;
        return n == 0 ? 0 : (durations[(n - 1) / 2] + durations[n / 2]) / 2;
    }

    private static void shortenAtSentenceEnds(List<TimedWord> words, double longest) {
        if (longest == 0) {
            return; // no word has any duration
        }
        for (int i = 1; i < words.size(); i++) {
            TimedWord word = words.get(i);
            if (word.duration() > longest) {
                if (SENTENCE_ENDS.contains(word.text)) {
                    word.end = word.start + longest;
                } else if (SENTENCE_ENDS.contains(words.get(i - 1).text)) {
                    word.start = word.end - longest;
                }
            }
        }
    }

    /** A word belongs to the span in which its first token lies. */
    private static void distribute(
            List<TimedWord> words, List<TimedSpan> spans, int[] lengths, double offset) {
        int next = 0;
        for (int i = 0; i < lengths.length; i++) {
            List<TimedWord> own = new ArrayList<>();
            int saved = 0;
            while (next < words.size() && saved < lengths[i]) {
                TimedWord word = words.get(next++);
                saved += word.tokens;
                if (!word.text.isEmpty()) {
                    word.start = round(offset + word.start);
                    word.end = round(offset + word.end);
                    own.add(word);
                }
            }
            spans.get(i).words = own;
        }
    }

    /** Shortens words after a pause, then lets the span and its outer words agree. */
    private static void settle(TimedSpan span, double median, double lastSpeech) {
        double longest = 2 * median;
        TimedWord first = span.words.getFirst();
        TimedWord second = span.words.size() > 1 ? span.words.get(1) : null;
        boolean afterPause = first.end - lastSpeech > 4 * median;
        boolean tooLong =
                first.duration() > longest
                        || (second != null && second.end - first.start > 2 * longest);
        if (afterPause && tooLong) {
            if (second != null && second.duration() > longest) {
                double boundary = Math.max(second.end / 2, second.end - longest);
                first.end = boundary;
                second.start = boundary;
            }
            first.start = Math.max(0, first.end - longest);
        }
        if (span.start < first.end && span.start - 0.5 > first.start) {
            first.start = Math.max(0, Math.min(first.end - median, span.start));
        } else {
            span.start = first.start;
        }
        TimedWord last = span.words.getLast();
        if (span.end > last.start && span.end + 0.5 < last.end) {
            last.end = Math.max(last.start + median, span.end);
        } else {
            span.end = last.end;
        }
    }

    /** Two decimals, half to even on the exact binary value, as Python rounds. */
    private static double round(double seconds) {
        return new BigDecimal(seconds).setScale(2, RoundingMode.HALF_EVEN).doubleValue();
    }
}
