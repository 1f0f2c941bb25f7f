package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes SubRip and WebVTT. */
public final class Subtitles {
    private Subtitles() {}

    static String srt(List<Segment> segments, SubtitleLayout layout, double audioSeconds) {
        return srt(
                cues(segments, layout, UnaryOperator.identity(), speaker -> "[" + speaker + "]: "),
                audioSeconds);
    }

    /**
     * Writes SubRip.
     *
     * @param audioSeconds that no cue may pass; infinite for no limit
     */
    public static String srt(List<Cue> cues, double audioSeconds) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (Cue cue : CueTimes.fit(withText(cues), audioSeconds)) {
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
                withText(
                        cues(
                                segments,
                                layout,
                                Subtitles::escaped,
                                speaker -> "<v " + escaped(speaker) + ">"));
        for (Cue cue : CueTimes.fit(cues, audioSeconds)) {
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
     * @param escape of the spoken text; the markup of the layout is left as it is
     * @param voice what is written before a text for who says it, where that is known
     */
    private static List<Cue> cues(
            List<Segment> segments,
            SubtitleLayout layout,
            UnaryOperator<String> escape,
            UnaryOperator<String> voice) {
        if (!SpokenLines.known(segments)) {
            return cues(segments, layout, escape);
        }
        SpokenLines lines = SpokenLines.named();
        List<Segment> turns = SpokenLines.turns(segments);
        List<Cue> cues = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= turns.size(); i++) {
            String speaker = lines.speaker(turns.get(start));
            if (i == turns.size() || !speaker.equals(lines.speaker(turns.get(i)))) {
                for (Cue cue : cues(turns.subList(start, i), layout, escape)) {
                    String said = cue.text().stripLeading();
                    String text = said.isEmpty() ? "" : voice.apply(speaker) + said;
                    cues.add(new Cue(cue.start(), cue.end(), text));
                }
                start = i;
            }
        }
        return cues;
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
