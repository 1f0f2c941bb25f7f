package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes SubRip and WebVTT. */
public final class Subtitles {
    private Subtitles() {}

    static String srt(List<Segment> segments, SubtitleLayout layout) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (Cue cue : cues(segments, layout)) {
            text.append(number++)
                    .append('\n')
                    .append(time(cue.start(), ','))
                    .append(" --> ")
                    .append(time(cue.end(), ','))
                    .append('\n')
                    .append(cue.text())
                    .append("\n\n");
        }
        return text.toString();
    }

    static String vtt(List<Segment> segments, SubtitleLayout layout) {
        StringBuilder text = new StringBuilder("WEBVTT\n\n");
        boolean first = true;
        for (Cue cue : cues(segments, layout)) {
            // As Speaches, whose first cue is on screen from the start of the audio.
            double start = first && !layout.needsWords() ? 0 : cue.start();
            first = false;
            text.append(time(start, '.'))
                    .append(" --> ")
                    .append(time(cue.end(), '.'))
                    .append('\n')
                    .append(cue.text())
                    .append("\n\n");
        }
        return text.toString();
    }

    /** {@code HH:MM:SS}, the separator, milliseconds rounded. */
    public static String time(double seconds, char separator) {
        long millis = Math.round(Math.max(0, seconds) * 1000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d%c%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                separator,
                millis % 1000);
    }

    private static List<Cue> cues(List<Segment> segments, SubtitleLayout layout) {
        List<Cue> cues = new ArrayList<>();
        if (layout.needsWords()) {
            for (Cue cue : WordCues.of(segments, layout)) {
                cues.add(new Cue(cue.start(), cue.end(), safe(cue.text())));
            }
        } else {
            for (Segment segment : segments) {
                cues.add(new Cue(segment.start(), segment.end(), safe(segment.text())));
            }
        }
        return cues;
    }

    /** The arrow is the one thing that a cue's text must not hold. */
    private static String safe(String text) {
        return text.replace("-->", "->");
    }
}
