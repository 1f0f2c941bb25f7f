package dev.parlo.server.speaker;

import dev.parlo.engine.speaker.SpeakerSpans.Span;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes NIST's rich transcription time marks: ten fields a line, with blanks between them. */
final class Rttm {
    private static final String UNNAMED = "audio";

    /** Every line carries it. */
    private static final int LONGEST_NAME = 255;

    private Rttm() {}

    /**
     * @param fileName as the client named it, "" where it did not
     * @return lines, with no end of the last one
     */
    static String write(List<Span> turns, String fileName) {
        String file = field(stem(fileName), UNNAMED);
        return turns.stream().map(turn -> line(turn, file)).collect(Collectors.joining("\n"));
    }

    private static String line(Span turn, String file) {
        return String.format(
                Locale.ROOT,
                "SPEAKER %s 1 %.3f %.3f <NA> <NA> %s <NA> <NA>",
                file,
                turn.start(),
                turn.end() - turn.start(),
                field(turn.speaker(), "<NA>"));
    }

    /** The last part of a path, without its extension. */
    private static String stem(String fileName) {
        String name =
                fileName.substring(
                        Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        return stem.length() > LONGEST_NAME ? stem.substring(0, LONGEST_NAME) : stem;
    }

    /** Blanks, and what a reader may take for one, would be the border of another field. */
    private static String field(String text, String otherwise) {
        String joined = text.strip().replaceAll("[\\s\\p{Z}\\p{C}]+", "_");
        return joined.isEmpty() ? otherwise : joined;
    }
}
