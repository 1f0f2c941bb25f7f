package dev.parlo.server.speech;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.http.SseWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Speech as server-sent events: PCM unless a format was asked for, then one done event with the
 * usage in OpenAI's spelling and in Speaches'. Used by one thread.
 */
final class SpeechEvents {
    private record Delta(
            String type,
            String audio,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Timestamp> timestamps) {}

    private record Usage(int inputTokens, int outputTokens, int totalTokens) {}

    private record Done(String type, Usage usage, Usage tokenUsage) {}

    private final SseWriter events;
    private final AudioEncoders encoders;
    private final SpeechRequest request;
    private final int sampleRate;

    SpeechEvents(SseWriter events, AudioEncoders encoders, SpeechRequest request, int sampleRate) {
        this.events = events;
        this.encoders = encoders;
        this.request = request;
        this.sampleRate = sampleRate;
    }

    SpeechSummary speak(TextToSpeech engine, SpeechOptions options, Cancellation cancellation) {
        AudioFormat format = request.formatGiven() ? request.format() : AudioFormat.PCM;
        try (EncodedChunks encoded =
                new EncodedChunks(encoders, request.target(format, sampleRate), sampleRate)) {
            SpeechSummary summary =
                    engine.speak(
                            request.input(),
                            options,
                            chunk -> delta(encoded.add(chunk), Timestamp.of(chunk.words())),
                            cancellation);
            delta(encoded.finish(), List.of());
            Usage usage = new Usage(summary.inputTokens(), 0, summary.inputTokens());
            events.send(new Done("speech.audio.done", usage, usage));
            return summary;
        }
    }

    private void delta(String audio, List<Timestamp> timestamps) {
        if (!audio.isEmpty() || !timestamps.isEmpty()) {
            events.send(
                    new Delta(
                            "speech.audio.delta", audio, request.timestamps() ? timestamps : null));
        }
    }
}
