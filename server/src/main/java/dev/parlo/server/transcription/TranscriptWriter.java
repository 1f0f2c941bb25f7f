package dev.parlo.server.transcription;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes a finished transcript in one of the {@link ResponseFormat}s.
 *
 * @param words whether the verbose form lists words
 * @param logProbabilities whether the short form lists tokens
 */
public record TranscriptWriter(
        ResponseFormat format,
        Task task,
        boolean words,
        boolean logProbabilities,
        SubtitleLayout layout) {

    /** Seconds of audio, as OpenAI bills them. */
    record Usage(String type, double seconds) {
        static Usage of(double seconds) {
            return new Usage("duration", round(seconds));
        }
    }

    record LogProbability(String token, double logprob, List<Integer> bytes) {}

    private record ShortJson(
            String text, @Nullable List<LogProbability> logprobs, @Nullable Usage usage) {}

    private record TranslationJson(String text) {}

    private record VerboseJson(
            String task,
            double duration,
            String language,
            String text,
            List<SegmentJson> segments,
            @Nullable Usage usage,
            @Nullable List<WordJson> words,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String audioTruncated) {}

    private record SegmentJson(
            int id,
            double avgLogprob,
            double compressionRatio,
            double end,
            double noSpeechProb,
            int seek,
            double start,
            double temperature,
            String text,
            int[] tokens,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String speaker) {}

    private record WordJson(
            double end,
            double start,
            String word,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String speaker) {}

    /**
     * @param truncation why not all of the audio was read; null where it was
     */
    public String write(
            Transcript transcript, List<Segment> segments, @Nullable String truncation) {
        double seconds = transcript.durationSeconds();
        return switch (format) {
            case TEXT -> text(segments);
            case JSON -> Json.text(shortJson(transcript, segments));
            case VERBOSE_JSON -> Json.text(verboseJson(transcript, segments, truncation));
            case SRT -> Subtitles.srt(segments, layout, seconds);
            case VTT -> Subtitles.vtt(segments, layout, seconds);
        };
    }

    /** What was said, without the blanks around it. */
    static String text(List<Segment> segments) {
        StringBuilder text = new StringBuilder();
        segments.forEach(segment -> text.append(segment.text()));
        return text.toString().strip();
    }

    private Object shortJson(Transcript transcript, List<Segment> segments) {
        String text = text(segments);
        if (task == Task.TRANSLATE && !logProbabilities) {
            return new TranslationJson(text);
        }
        return new ShortJson(
                text,
                logProbabilities ? logProbabilities(segments) : null,
                Usage.of(transcript.durationSeconds()));
    }

    static List<LogProbability> logProbabilities(List<Segment> segments) {
        List<LogProbability> all = new ArrayList<>();
        for (Segment segment : segments) {
            List<Segment.TokenLogProbability> tokens = segment.tokenLogProbabilities();
            if (tokens == null) {
                continue;
            }
            for (Segment.TokenLogProbability token : tokens) {
                List<Integer> bytes = new ArrayList<>(token.bytes().length);
                for (byte b : token.bytes()) {
                    bytes.add(b & 0xff);
                }
                all.add(new LogProbability(token.token(), token.logProbability(), bytes));
            }
        }
        return all;
    }

    private VerboseJson verboseJson(
            Transcript transcript, List<Segment> segments, @Nullable String truncation) {
        List<SegmentJson> spans = new ArrayList<>();
        List<WordJson> spoken = new ArrayList<>();
        for (Segment segment : segments) {
            spans.add(
                    new SegmentJson(
                            segment.id(),
                            segment.averageLogProbability(),
                            segment.compressionRatio(),
                            round(segment.end()),
                            segment.noSpeechProbability(),
                            segment.seek(),
                            round(segment.start()),
                            segment.temperature(),
                            segment.text(),
                            segment.tokens(),
                            segment.speaker()));
            List<Word> inSegment = segment.words() == null ? List.of() : segment.words();
            for (Word word : inSegment) {
                spoken.add(
                        new WordJson(
                                round(word.end()),
                                round(word.start()),
                                word.text(),
                                word.speaker()));
            }
        }
        return new VerboseJson(
                task.name().toLowerCase(Locale.ROOT),
                round(transcript.durationSeconds()),
                transcript.language(),
                text(segments),
                spans,
                Usage.of(transcript.durationSeconds()),
                words ? spoken : null,
                truncation);
    }

    /** To milliseconds. */
    private static double round(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
