package dev.parlo.server.whispercpp;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.SpokenLanguage;
import dev.parlo.server.transcription.TranscriptionAnswers.Heard;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a transcript as whisper.cpp's server does. */
final class InferenceText {
    /** Less likely languages are not listed. */
    private static final double LISTED = 0.001;

    private record Text(String text) {}

    private record TimedWord(String word, double start, double end, int tDtw, double probability) {}

    private record TimedSegment(
            int id,
            String text,
            double start,
            double end,
            int[] tokens,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<TimedWord> words,
            double temperature,
            double avgLogprob,
            double noSpeechProb,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String speaker) {}

    private record Verbose(
            String task,
            String language,
            double duration,
            String text,
            List<TimedSegment> segments,
            String detectedLanguage,
            double detectedLanguageProbability,
            Map<String, Double> languageProbabilities) {}

    private InferenceText() {}

    static String of(Format format, Heard heard) {
        return switch (format) {
            case JSON -> Json.text(new Text(lines(heard)));
            case TEXT -> lines(heard);
            case VERBOSE_JSON -> Json.text(verbose(heard));
            case SRT, VTT -> heard.written();
        };
    }

    /** A line a segment, each with the blank that it begins with. */
    private static String lines(Heard heard) {
        StringBuilder text = new StringBuilder();
        for (Segment segment : heard.segments()) {
            if (segment.speaker() != null) {
                text.append('(').append(segment.speaker()).append(')');
            }
            text.append(segment.text()).append('\n');
        }
        return text.toString();
    }

    private static Verbose verbose(Heard heard) {
        Transcript transcript = heard.result().transcript();
        Map<String, Double> likely = new TreeMap<>();
        transcript
                .languageProbabilities()
                .forEach((code, probability) -> {
                    if (probability > LISTED) {
                        likely.put(code, probability);
                    }
                });
        String language = SpokenLanguage.englishName(transcript.language());
        return new Verbose(
                heard.order().job().options().task().name().toLowerCase(Locale.ROOT),
                language,
                transcript.durationSeconds(),
                lines(heard),
                heard.segments().stream().map(InferenceText::json).toList(),
                language,
                transcript.languageProbability(),
                likely);
    }

    private static TimedSegment json(Segment segment) {
        List<Word> words = segment.words();
        return new TimedSegment(
                segment.id(),
                segment.text(),
                segment.start(),
                segment.end(),
                segment.tokens(),
                words == null ? null : words.stream().map(InferenceText::json).toList(),
                segment.temperature(),
                segment.averageLogProbability(),
                segment.noSpeechProbability(),
                segment.speaker());
    }

    private static TimedWord json(Word word) {
        // -1: not a time of its own by dynamic time warping, as without --dtw
        return new TimedWord(word.text(), word.start(), word.end(), -1, word.probability());
    }
}
