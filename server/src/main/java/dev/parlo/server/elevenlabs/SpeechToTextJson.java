package dev.parlo.server.elevenlabs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.server.elevenlabs.SpeechToTextOptions.Granularity;
import dev.parlo.server.transcription.LanguageNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A transcript as ElevenLabs writes it: words, with the spaces between them as entries of their
 * own.
 */
final class SpeechToTextJson {
    /** How speakers are called who have no name, and so are channels. */
    private static final Pattern NUMBERED = Pattern.compile("SPEAKER_(\\d+)");

    private static final Pattern WORD = Pattern.compile("\\s*\\S+");

    private record Letter(String text, double start, double end) {}

    private record Entry(
            String text,
            @Nullable Double start,
            @Nullable Double end,
            String type,
            @Nullable String speakerId,
            double logprob,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Letter> characters,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer channelIndex) {}

    private record One(
            String languageCode,
            double languageProbability,
            String text,
            List<Entry> words,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer channelIndex,
            String transcriptionId,
            double audioDurationSecs) {}

    private record Several(List<One> transcripts, String transcriptionId) {}

    /** A word and what is said of its segment. */
    private record Said(Word word, boolean timed, double logprob) {}

    private final Transcript transcript;
    private final Granularity granularity;
    private final boolean channels;
    private final String id;

    /**
     * @param channels whether speakers are channels
     * @param id of the transcript
     */
    SpeechToTextJson(Transcript transcript, Granularity granularity, boolean channels, String id) {
        this.transcript = transcript;
        this.granularity = granularity;
        this.channels = channels;
        this.id = id;
    }

    /** All of it as one. */
    Object combined(List<Segment> segments) {
        return one(segments, null);
    }

    /** The channels one by one, those in which nobody speaks too. */
    Object separate(List<Segment> segments, int count) {
        List<One> transcripts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int channel = i;
            List<Segment> own =
                    segments.stream()
                            .filter(segment -> number(segment.speaker()) == channel)
                            .toList();
            transcripts.add(one(own, channel));
        }
        return new Several(transcripts, id);
    }

    private One one(List<Segment> segments, @Nullable Integer channel) {
        List<Entry> entries = new ArrayList<>();
        for (Segment segment : segments) {
            for (Said said : words(segment)) {
                add(said, entries);
            }
        }
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(entry.text()));
        return new One(
                LanguageNames.threeLetters(transcript.language()),
                transcript.languageProbability(),
                text.toString(),
                entries,
                channel,
                id,
                round(transcript.durationSeconds()));
    }

    private List<Said> words(Segment segment) {
        List<Word> known = segment.words();
        List<Said> words = new ArrayList<>();
        if (known != null) {
            for (Word word : known) {
                words.add(
                        new Said(
                                word.speaker() == null ? word.withSpeaker(segment.speaker()) : word,
                                granularity != Granularity.NONE,
                                Math.log(Math.max(1e-9, word.probability()))));
            }
            return words;
        }
        Matcher found = WORD.matcher(segment.text());
        while (found.find()) {
            Word word = new Word(0, 0, found.group(), 0, segment.speaker());
            words.add(new Said(word, false, segment.averageLogProbability()));
        }
        return words;
    }

    private void add(Said said, List<Entry> entries) {
        Word word = said.word();
        String text = word.text().strip();
        boolean spaced = !text.equals(word.text()) && !entries.isEmpty();
        if (spaced) {
            Entry before = entries.getLast();
            double from = before.end() == null ? 0 : before.end();
            entries.add(
                    entry(
                            " ",
                            said.timed() && before.end() != null,
                            from,
                            Math.max(from, word.start()),
                            "spacing",
                            word.speaker(),
                            said.logprob()));
        }
        if (!text.isEmpty()) {
            entries.add(
                    entry(
                            text,
                            said.timed(),
                            word.start(),
                            word.end(),
                            "word",
                            word.speaker(),
                            said.logprob()));
        }
    }

    private Entry entry(
            String text,
            boolean timed,
            double start,
            double end,
            String type,
            @Nullable String speaker,
            double logprob) {
        return new Entry(
                text,
                timed ? round(start) : null,
                timed ? round(end) : null,
                type,
                speakerId(speaker),
                logprob,
                timed && granularity == Granularity.CHARACTER ? letters(text, start, end) : null,
                channels && speaker != null ? number(speaker) : null);
    }

    private static List<Letter> letters(String text, double start, double end) {
        int[] points = text.codePoints().toArray();
        double each = (end - start) / points.length;
        List<Letter> letters = new ArrayList<>(points.length);
        for (int i = 0; i < points.length; i++) {
            letters.add(
                    new Letter(
                            Character.toString(points[i]),
                            round(start + i * each),
                            round(start + (i + 1) * each)));
        }
        return letters;
    }

    private static @Nullable String speakerId(@Nullable String speaker) {
        return speaker != null && NUMBERED.matcher(speaker).matches()
                ? "speaker_" + number(speaker)
                : speaker;
    }

    /** 0 for one without a number. */
    private static int number(@Nullable String speaker) {
        Matcher numbered = NUMBERED.matcher(speaker == null ? "" : speaker);
        return numbered.matches() ? Integer.parseInt(numbered.group(1)) : 0;
    }

    /** To milliseconds. */
    private static double round(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
