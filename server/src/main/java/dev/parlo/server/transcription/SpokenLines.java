package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A transcript by who says it: segments in which speakers take turns are cut where they do, and
 * speakers have the names that the format gives them. One thread.
 */
final class SpokenLines {
    /** Of a speaker whose name is not known. */
    private static final Pattern NUMBERED = Pattern.compile("SPEAKER_\\d{2,}");

    /** What is said where nobody was heard to speak. */
    private static final String NOBODY = "unknown";

    /** Seconds of a pause between two words that are not one line. */
    private static final double LONG_PAUSE = 1;

    private final Map<String, String> letters = new HashMap<>();
    private final UnaryOperator<String> named;
    private final StringBuilder text = new StringBuilder();
    private @Nullable String last;

    private SpokenLines(boolean lettered) {
        named = lettered ? this::letter : UnaryOperator.identity();
    }

    /** With the names that the speakers have. */
    static SpokenLines named() {
        return new SpokenLines(false);
    }

    /** With letters for those whose names are not known, in the order of speaking, as OpenAI. */
    static SpokenLines lettered() {
        return new SpokenLines(true);
    }

    /** Whether anything is known of the speakers. */
    static boolean known(List<Segment> segments) {
        return segments.stream().anyMatch(segment -> segment.speaker() != null);
    }

    /** The segment, or where its words are those of several people, one for each turn. */
    static List<Segment> turns(Segment segment) {
        List<Word> words = segment.words();
        if (words == null || words.isEmpty()) {
            return List.of(segment);
        }
        List<Segment> turns = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= words.size(); i++) {
            if (i == words.size() || isCut(words.get(i - 1), words.get(i))) {
                turns.add(part(segment, words.subList(start, i)));
                start = i;
            }
        }
        return turns.size() == 1 ? List.of(named(segment, words)) : turns;
    }

    private static boolean isCut(Word word, Word next) {
        return !Objects.equals(word.speaker(), next.speaker())
                || next.start() - word.end() > LONG_PAUSE;
    }

    /** Words know better than the segment around them who says them. */
    private static Segment named(Segment segment, List<Word> words) {
        return segment.withSpeaker(words.getFirst().speaker(), words);
    }

    private static Segment part(Segment segment, List<Word> words) {
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(word.text()));
        return named(segment, words)
                .withText(text.toString())
                .withTimes(
                        segment.seek(),
                        words.getFirst().start(),
                        words.getLast().end(),
                        List.copyOf(words));
    }

    /** Every turn of some segments. */
    static List<Segment> turns(List<Segment> segments) {
        return segments.stream().flatMap(segment -> turns(segment).stream()).toList();
    }

    /** The name of who says a segment, on one line. */
    String speaker(Segment segment) {
        String speaker = segment.speaker();
        return speaker == null
                ? NOBODY
                : named.apply(speaker).replaceAll("[\\s\\p{Zl}\\p{Zp}\\p{Cc}]+", " ").strip();
    }

    /** One more turn of the text; the same speaker goes on in the same line. */
    void add(Segment turn) {
        String said = turn.text().strip();
        if (said.isEmpty()) {
            return;
        }
        String speaker = speaker(turn);
        if (speaker.equals(last)) {
            text.append(turn.text().stripTrailing());
        } else {
            text.append(text.isEmpty() ? "" : "\n").append(speaker).append(": ").append(said);
        }
        last = speaker;
    }

    /** Lines of {@code Name: what is said}. */
    String text() {
        return text.toString();
    }

    private String letter(String speaker) {
        if (!NUMBERED.matcher(speaker).matches()) {
            return speaker;
        }
        return letters.computeIfAbsent(speaker, first -> letters(letters.size()));
    }

    /** A to Z, then AA, AB and so on. */
    private static String letters(int number) {
        String last = String.valueOf((char) ('A' + number % 26));
        return number < 26 ? last : letters(number / 26 - 1) + last;
    }
}
