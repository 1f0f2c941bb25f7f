package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes SubRip and WebVTT. */
public final class Subtitles {
    private Subtitles() {}

    static String srt(List<Segment> segments, SubtitleLayout layout, double audioSeconds) {
        return srt(
                cues(
                        segments,
                        layout,
                        UnaryOperator.identity(),
                        speaker -> "[" + speaker + "]: ",
                        audioSeconds));
    }

    /**
     * Writes SubRip.
     *
     * @param audioSeconds that no cue may pass; infinite for no limit
     */
    public static String srt(List<Cue> cues, double audioSeconds) {
        return srt(CueTimes.fit(withText(cues), audioSeconds));
    }

    private static String srt(List<Cue> fitted) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (Cue cue : fitted) {
            text.append(number++).append('\n');
            // Readers take an arrow in the text for the line of times.
            append(text, cue, ',', cue.text().replace("-->", "->"));
        }
        return text.toString();
    }

    static String vtt(List<Segment> segments, SubtitleLayout layout, double audioSeconds) {
        StringBuilder text = new StringBuilder("WEBVTT\n\n");
        boolean first = true;
        List<Cue> cues =
                cues(
                        segments,
                        layout,
                        Subtitles::escaped,
                        speaker -> "<v " + escaped(speaker) + ">",
                        audioSeconds);
        for (Cue cue : cues) {
            // As Speaches, whose first cue is on screen from the start of the audio.
            double start = first && !layout.needsWords() ? 0 : cue.start();
            first = false;
            append(text, new Cue(start, cue.end(), cue.text()), '.', cue.text());
        }
        return text.toString();
    }

    private static void append(StringBuilder out, Cue cue, char separator, String text) {
        out.append(time(cue.start(), separator))
                .append(" --> ")
                .append(time(cue.end(), separator))
                .append('\n')
                .append(text)
                .append("\n\n");
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

    /**
     * Cues at times that players accept. Those of one speaker follow each other; those of several
     * are on screen together where they speak at once.
     *
     * @param escape of the spoken text; the markup of the layout is left as it is
     * @param voice what is written before a text for who says it, where that is known
     */
    private static List<Cue> cues(
            List<Segment> segments,
            SubtitleLayout layout,
            UnaryOperator<String> escape,
            UnaryOperator<String> voice,
            double audioSeconds) {
        if (!SpokenLines.known(segments)) {
            return CueTimes.fit(withText(cues(segments, layout, escape)), audioSeconds);
        }
        SpokenLines lines = SpokenLines.named();
        Map<String, List<Segment>> spoken = new LinkedHashMap<>();
        for (Segment turn : SpokenLines.turns(segments)) {
            spoken.computeIfAbsent(lines.speaker(turn), name -> new ArrayList<>()).add(turn);
        }
        List<Cue> all = new ArrayList<>();
        spoken.forEach((speaker, turns) -> {
            List<Cue> cues = withText(cues(turns, layout, escape));
            for (Cue cue : CueTimes.fit(cues, audioSeconds)) {
                String text = voice.apply(speaker) + cue.text().stripLeading();
                all.add(new Cue(cue.start(), cue.end(), text));
            }
        });
        all.sort(Comparator.comparingDouble(Cue::start));
        return all;
    }

    private static List<Cue> cues(
            List<Segment> segments, SubtitleLayout layout, UnaryOperator<String> escape) {
        if (layout.needsWords()) {
            return WordCues.of(segments, layout, escape);
        }
        List<Cue> cues = new ArrayList<>();
        for (Segment segment : segments) {
            cues.add(new Cue(segment.start(), segment.end(), escape.apply(segment.text())));
        }
        return cues;
    }

    /** An empty line would end the cue, and what follows it would be read as another one. */
    private static List<Cue> withText(List<Cue> cues) {
        List<Cue> kept = new ArrayList<>();
        for (Cue cue : cues) {
            String text =
                    cue.text()
                            .lines()
                            .filter(line -> !line.isBlank())
                            .collect(Collectors.joining("\n"));
            if (!text.isEmpty()) {
                kept.add(new Cue(cue.start(), cue.end(), text));
            }
        }
        return kept;
    }

    /** As the text of a WebVTT cue, in which {@code <} begins a tag. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace('\0', '\ufffd');
    }
}
