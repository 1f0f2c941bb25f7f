package dev.parlo.server.speech;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.Json;
import dev.parlo.server.speech.SpeechAnswers.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Speech with the times of its words, as Kokoro-FastAPI answers it: one object, or one per line and
 * chunk. Used by one thread.
 */
final class CaptionedAnswer {
    private static final String LINES = "application/x-ndjson";

    private record CaptionedChunk(
            String audio,
            String audioFormat,
            List<Timestamp> timestamps,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Mark> marks) {}

    private final Answer answer;
    private final String format;

    /**
     * @param format what the audio is written as, as a media type
     */
    CaptionedAnswer(Answer answer, String format) {
        this.answer = answer;
        this.format = format;
    }

    void whole(Script script) {
        SpokenPiece all = answer.spoken(script);
        answer.whole("application/json", Json.mapper().writeValueAsBytes(piece(all)));
    }

    void stream(Script script) {
        var unused = answer.speech().speak(script, this::line);
        line(SpokenPiece.of(answer.speech().finish()));
    }

    private void line(SpokenPiece piece) {
        if (piece.audio().length > 0 || !piece.words().isEmpty() || !piece.marks().isEmpty()) {
            String line = Json.text(piece(piece)) + "\n";
            answer.write(LINES, line.getBytes(StandardCharsets.UTF_8));
        }
    }

    private CaptionedChunk piece(SpokenPiece piece) {
        return new CaptionedChunk(
                Base64.getEncoder().encodeToString(piece.audio()),
                format,
                Timestamp.of(piece.words()),
                Mark.of(piece.marks()));
    }
}
