package dev.parlo.server.asrwebservice;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.TranscriptionAnswers.Heard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a transcript as whisper-asr-webservice does. */
final class AsrText {
    private record JsonWord(double start, double end, String word, double probability) {}

    private record JsonSegment(
            int id,
            int seek,
            double start,
            double end,
            String text,
            int[] tokens,
            double avgLogprob,
            double compressionRatio,
            double noSpeechProb,
            double temperature,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<JsonWord> words,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String speaker) {}

    private record JsonTranscript(String text, String language, List<JsonSegment> segments) {}

    private AsrText() {}

    static String of(Output output, Heard heard) {
        return switch (output) {
            case TXT -> lines(heard);
            case TSV -> table(heard.segments());
            case JSON -> Json.text(json(heard));
            case SRT, VTT -> heard.written();
        };
    }

    private static String lines(Heard heard) {
        if (heard.segments().stream().anyMatch(segment -> segment.speaker() != null)) {
            return heard.written();
        }
        StringBuilder text = new StringBuilder();
        heard.segments().forEach(segment -> text.append(segment.text().strip()).append('\n'));
        return text.toString();
    }

    private static String table(List<Segment> segments) {
        StringBuilder text = new StringBuilder("start\tend\ttext\n");
        for (Segment segment : segments) {
            text.append(Math.round(1000 * segment.start()))
                    .append('\t')
                    .append(Math.round(1000 * segment.end()))
                    .append('\t')
                    // A tab or the end of a line would begin another column or row.
                    .append(segment.text().strip().replaceAll("[\\t\\r\\n]+", " "))
                    .append('\n');
        }
        return text.toString();
    }

    private static JsonTranscript json(Heard heard) {
        StringBuilder text = new StringBuilder();
        heard.segments().forEach(segment -> text.append(segment.text()));
        return new JsonTranscript(
                text.toString(),
                heard.result().transcript().language(),
                heard.segments().stream().map(AsrText::json).toList());
    }

    private static JsonSegment json(Segment segment) {
        List<Word> words = segment.words();
        return new JsonSegment(
                segment.id(),
                segment.seek(),
                segment.start(),
                segment.end(),
                segment.text(),
                segment.tokens(),
                segment.averageLogProbability(),
                segment.compressionRatio(),
                segment.noSpeechProbability(),
                segment.temperature(),
                words == null ? null : words.stream().map(AsrText::json).toList(),
                segment.speaker());
    }

    private static JsonWord json(Word word) {
        return new JsonWord(word.start(), word.end(), word.text(), word.probability());
    }
}
