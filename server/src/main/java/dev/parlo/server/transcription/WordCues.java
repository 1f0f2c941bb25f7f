package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Cuts words into subtitles by the rules of openai-whisper's writers: a line is broken where the
 * next word has no room, a cue ends where its lines are full, where the speaker paused for more
 * than three seconds, or, while the layout keeps segments, where a segment ends. One use.
 */
final class WordCues {
    /** A longer pause than this ends a cue, in seconds. */
    private static final double LONG_PAUSE = 3.0;

    private static final int UNLIMITED_WIDTH = 1000;

    /** A word as it stands in a cue: stripped where a line begins, with the break before it. */
    private record Placed(double start, double end, String text) {}

    private final SubtitleLayout layout;
    private final UnaryOperator<String> escape;
    private final int lineWidth;
    private final boolean keepSegments;
    private final List<Cue> cues = new ArrayList<>();

    private List<Placed> cue = new ArrayList<>();
    private int lineLength;
    private int lines = 1;
    private double lastStart;

    private WordCues(SubtitleLayout layout, UnaryOperator<String> escape) {
        this.layout = layout;
        this.escape = escape;
        Integer width = layout.maxLineWidth();
        this.lineWidth = width == null ? UNLIMITED_WIDTH : width;
        this.keepSegments = width == null || layout.maxLineCount() == null;
    }

    /**
     * @param escape of a word's text, whose length counts as it was before
     */
    static List<Cue> of(
            List<Segment> segments, SubtitleLayout layout, UnaryOperator<String> escape) {
        WordCues cues = new WordCues(layout, escape);
        if (!segments.isEmpty()) {
            cues.lastStart = segments.getFirst().start();
        }
        for (Segment segment : segments) {
            cues.addSegment(segment.words() == null ? List.of() : segment.words());
        }
        cues.endCue();
        return cues.cues;
    }

    private void addSegment(List<Word> words) {
        Integer perLine = layout.maxWordsPerLine();
        int group = perLine == null ? Integer.MAX_VALUE : perLine;
        for (int i = 0; i < words.size(); i++) {
            add(words.get(i), i % group == 0);
        }
    }

    private void add(Word word, boolean first) {
        boolean longPause = !keepSegments && word.start() - lastStart > LONG_PAUSE;
        boolean newSegment = keepSegments && first && !cue.isEmpty();
        boolean room = lineLength + length(word.text()) <= lineWidth;
        if (lineLength > 0 && room && !longPause && !newSegment) {
            lineLength += length(word.text());
            cue.add(new Placed(word.start(), word.end(), word.text()));
        } else {
            startLine(word, longPause, newSegment);
        }
        lastStart = word.start();
    }

    private void startLine(Word word, boolean longPause, boolean newSegment) {
        String text = word.text().strip();
        Integer maxLines = layout.maxLineCount();
        boolean full = !cue.isEmpty() && maxLines != null && (longPause || lines >= maxLines);
        String lineBreak = "";
        if (full || newSegment) {
            endCue();
        } else if (lineLength > 0) {
            lines++;
            lineBreak = "\n";
        }
        lineLength = length(text);
        cue.add(new Placed(word.start(), word.end(), lineBreak + text));
    }

    private void endCue() {
        if (cue.isEmpty()) {
            return;
        }
        double start = cue.getFirst().start();
        double end = cue.getLast().end();
        if (layout.highlightWords()) {
            highlight(start);
        } else {
            cues.add(new Cue(start, end, text(-1)));
        }
        cue = new ArrayList<>();
        lines = 1;
    }

    /** One cue a word, and one with no word marked for each gap between two. */
    private void highlight(double cueStart) {
        double last = cueStart;
        for (int i = 0; i < cue.size(); i++) {
            Placed word = cue.get(i);
            if (Math.round(last * 1000) != Math.round(word.start() * 1000)) {
                cues.add(new Cue(last, word.start(), text(-1)));
            }
            cues.add(new Cue(word.start(), word.end(), text(i)));
            last = word.end();
        }
    }

    private String text(int marked) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cue.size(); i++) {
            String word = escape.apply(cue.get(i).text());
            if (i == marked) {
                String bare = word.stripLeading();
                text.append(word, 0, word.length() - bare.length());
                text.append("<u>").append(bare).append("</u>");
            } else {
                text.append(word);
            }
        }
        return text.toString();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
