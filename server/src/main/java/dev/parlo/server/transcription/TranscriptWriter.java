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
 * @param advanced whether the short form lists segments and words
 * @param logProbabilities whether the short form lists tokens
 */
public record TranscriptWriter(
        ResponseFormat format,
        Task task,
        boolean words,
        boolean advanced,
        boolean logProbabilities,
        SubtitleLayout layout) {

    /** Begun seconds of audio, as OpenAI bills them. */
    record Usage(String type, long seconds) {
        static Usage of(double seconds) {
            // Clients read a whole number: LiteLLM until June 2026 fails at any other.
            return new Usage("duration", (long) Math.ceil(round(seconds)));
        }
    }

    record LogProbability(String token, double logprob, List<Integer> bytes) {}

    private record ShortJson(
            String text,
            @Nullable List<LogProbability> logprobs,
            @Nullable Usage usage,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<SegmentJson> segments,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<WordJson> words) {}

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

    record WordJson(
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
            case TEXT -> lines(segments);
            case JSON -> Json.text(shortJson(transcript, segments));
            case VERBOSE_JSON -> Json.text(verboseJson(transcript, segments, truncation));
            case SRT -> Subtitles.srt(segments, layout, seconds);
            case VTT -> Subtitles.vtt(segments, layout, seconds);
            case DIARIZED_JSON -> Json.text(DiarizedJson.of(taskName(), seconds, segments));
        };
    }

    /** How speakers are called where each line says who speaks. */
    SpokenLines lines() {
        return format == ResponseFormat.DIARIZED_JSON
                ? SpokenLines.lettered()
                : SpokenLines.named();
    }

    /** What was said, with who says it in front of each line where that is known. */
    private String lines(List<Segment> segments) {
        if (!SpokenLines.known(segments)) {
            return text(segments);
        }
        SpokenLines lines = lines();
        SpokenLines.turns(segments).forEach(lines::add);
        return lines.text();
    }

    private String taskName() {
        return task.name().toLowerCase(Locale.ROOT);
    }

    /** What was said, without the blanks around it. */
    static String text(List<Segment> segments) {
        StringBuilder text = new StringBuilder();
        segments.forEach(segment -> text.append(segment.text()));
        return text.toString().strip();
    }

    private Object shortJson(Transcript transcript, List<Segment> segments) {
        String text = lines(segments);
        if (task == Task.TRANSLATE && !logProbabilities && !advanced) {
            return new TranslationJson(text);
        }
        return new ShortJson(
                text,
                logProbabilities ? logProbabilities(segments) : null,
                Usage.of(transcript.durationSeconds()),
                advanced ? segments.stream().map(TranscriptWriter::json).toList() : null,
                advanced ? spoken(segments) : null);
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
        return new VerboseJson(
                taskName(),
                round(transcript.durationSeconds()),
                transcript.language(),
                text(segments),
                segments.stream().map(TranscriptWriter::json).toList(),
                Usage.of(transcript.durationSeconds()),
                words ? spoken(segments) : null,
                truncation);
    }

    private static SegmentJson json(Segment segment) {
        return new SegmentJson(
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
                segment.speaker());
    }

    static List<WordJson> spoken(List<Segment> segments) {
        List<WordJson> spoken = new ArrayList<>();
        for (Segment segment : segments) {
            List<Word> words = segment.words() == null ? List.of() : segment.words();
            for (Word word : words) {
                spoken.add(
                        new WordJson(
                                round(word.end()),
                                round(word.start()),
                                word.text(),
                                word.speaker()));
            }
        }
        return spoken;
    }

    /** To milliseconds. */
    static double round(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
