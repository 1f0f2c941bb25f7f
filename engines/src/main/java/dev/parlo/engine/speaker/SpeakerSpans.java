package dev.parlo.engine.speaker;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says who speaks in spans of a recording of which the turns are known. Immutable. */
public final class SpeakerSpans {
    /** Whisper stretches the last word before a silence: no word takes longer to say. */
    private static final double LONGEST_WORD = 1.5;

    /** Words of another speaker amid one's, too few and too short to be an interjection. */
    private static final int FLICKER_WORDS = 2;

    private static final double FLICKER_SECONDS = 0.4;

    private final List<Span> spans;

    /**
     * A stretch in which one person speaks.
     *
     * @param start seconds
     * @param end seconds
     */
    public record Span(double start, double end, String speaker) {}

    /**
     * @param spans by their starts; at most one speaks at a time
     */
    public SpeakerSpans(List<Span> spans) {
        this.spans = List.copyOf(spans);
    }

    /** The segment with who says it and, where it has words, who says each of them. */
    public Segment label(Segment segment) {
        List<Word> words = segment.words();
        List<Word> labelled = null;
        String speaker = speaker(segment.start(), segment.end());
        if (words != null && !words.isEmpty()) {
            List<@Nullable String> who = new ArrayList<>(words.size());
            for (Word word : words) {
                who.add(speaker(word.start(), Math.min(word.end(), word.start() + LONGEST_WORD)));
            }
            smooth(words, who);
            labelled = new ArrayList<>(words.size());
            for (int i = 0; i < words.size(); i++) {
                labelled.add(words.get(i).withSpeaker(who.get(i)));
            }
        }
        return segment.withSpeaker(speaker, labelled == null ? words : labelled);
    }

    /** A word or two between another's words, and hardly heard, is that other's. */
    private static void smooth(List<Word> words, List<@Nullable String> who) {
        int start = 0;
        while (start < who.size()) {
            int end = start;
            while (end < who.size() && same(who.get(end), who.get(start))) {
                end++;
            }
            boolean between =
                    start > 0 && end < who.size() && same(who.get(start - 1), who.get(end));
            if (between
                    && end - start <= FLICKER_WORDS
                    && words.get(end - 1).end() - words.get(start).start() <= FLICKER_SECONDS) {
                for (int i = start; i < end; i++) {
                    who.set(i, who.get(end));
                }
            }
            start = end;
        }
    }

    private static boolean same(@Nullable String a, @Nullable String b) {
        return Objects.equals(a, b);
    }

    /**
     * Who speaks longest between two times; of equals who begins first. Where nobody does, who
     * speaks nearest to it; null in a recording in which nobody speaks.
     */
    @Nullable String speaker(double start, double end) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        String nearest = null;
        double gap = Double.POSITIVE_INFINITY;
        for (int i = firstReaching(start); i < spans.size(); i++) {
            Span span = spans.get(i);
            double shared = Math.min(end, span.end()) - Math.max(start, span.start());
            if (shared > 0) {
                seconds.merge(span.speaker(), shared, Double::sum);
            } else if (-shared < gap) {
                gap = -shared;
                nearest = span.speaker();
            }
            if (span.start() > end) {
                break; // the next ones are further away still
            }
        }
        String longest = null;
        for (Map.Entry<String, Double> entry : seconds.entrySet()) {
            if (longest == null || entry.getValue() > seconds.getOrDefault(longest, 0.0)) {
                longest = entry.getKey();
            }
        }
        return longest != null ? longest : nearest;
    }

    /** The last span that is over before a time, else the first: nothing earlier is nearer. */
    private int firstReaching(double time) {
        int low = 0;
        int high = spans.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (spans.get(middle).end() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(0, low - 1);
    }
}
