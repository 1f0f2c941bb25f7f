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
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Timestamp> timestamps) {}

    private record Usage(int inputTokens, int outputTokens, int totalTokens) {}

    private record Done(String type, Usage usage, Usage tokenUsage) {}

    private final SseWriter events;
    private final boolean timestamps;

    SpeechEvents(SseWriter events, boolean timestamps) {
        this.events = events;
        this.timestamps = timestamps;
    }

    void speak(SpeechStream speech, Script script) {
        SpeechSummary summary =
                speech.speak(script, piece -> delta(piece.audio(), Timestamp.of(piece.words())));
        delta(speech.finish(), List.of());
        Usage usage = new Usage(summary.inputTokens(), 0, summary.inputTokens());
        events.send(new Done("speech.audio.done", usage, usage));
    }

    private void delta(byte[] audio, List<Timestamp> times) {
        if (audio.length > 0 || !times.isEmpty()) {
            String base64 = Base64.getEncoder().encodeToString(audio);
            events.send(new Delta("speech.audio.delta", base64, timestamps ? times : null));
        }
    }
}
