package dev.parlo.server.speech;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.SseWriter;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speech as server-sent events, then one done event with the usage in OpenAI's spelling and in
 * Speaches'. Used by one thread.
 */
final class SpeechEvents {
    private record Delta(
            String type,
            String audio,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Timestamp> timestamps,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Mark> marks) {}

    private record Usage(int inputTokens, int outputTokens, int totalTokens) {}

    private record Done(String type, Usage usage, Usage tokenUsage) {}

    private final SseWriter events;
    private final boolean timestamps;

    SpeechEvents(SseWriter events, boolean timestamps) {
        this.events = events;
        this.timestamps = timestamps;
    }

    void speak(SpeechStream speech, Script script) {
        SpeechSummary summary = speech.speak(script, this::delta);
        delta(SpokenPiece.of(speech.finish()));
        Usage usage = new Usage(summary.inputTokens(), 0, summary.inputTokens());
        events.send(new Done("speech.audio.done", usage, usage));
    }

    private void delta(SpokenPiece piece) {
        List<Mark> marks = timestamps ? Mark.of(piece.marks()) : List.of();
        if (piece.audio().length > 0 || !piece.words().isEmpty() || !marks.isEmpty()) {
            String base64 = Base64.getEncoder().encodeToString(piece.audio());
            List<Timestamp> times = timestamps ? Timestamp.of(piece.words()) : null;
            events.send(new Delta("speech.audio.delta", base64, times, marks));
        }
    }
}
