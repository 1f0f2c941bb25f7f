package dev.parlo.server.chat;

import dev.parlo.engine.text.Script;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpeechStream;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts speech in the place of the text of an answer that came whole. Thread-safe. */
final class SpokenAnswer {
    /** What audio in base64 takes in an answer, and again as the answer's bytes. */
    private static final int TEXT_AND_BYTES = 3;

    private final SpeechPipeline pipeline;
    private final RecentTexts answers;

    SpokenAnswer(SpeechPipeline pipeline, RecentTexts answers) {
        this.pipeline = pipeline;
        this.answers = answers;
    }

    /** An id for an answer in speech; it cannot be guessed. */
    static String newId() {
        return "audio_" + UUID.randomUUID();
    }

    /**
     * Speaks each choice that has text; one that calls tools stays as it is.
     *
     * @param answer a {@code chat.completion}, changed in place
     * @param memory of the request
     */
    void speak(
            ObjectNode answer,
            SpeechOrder order,
            RunningRequest running,
            MemoryBudget.Share memory,
            long start) {
        for (JsonNode choice : answer.path("choices")) {
            if (choice.path("message") instanceof ObjectNode message
                    && !message.path("content").asString("").isEmpty()) {
                replace(message, order, running, memory, start);
            }
        }
    }

    private void replace(
            ObjectNode message,
            SpeechOrder order,
            RunningRequest running,
            MemoryBudget.Share memory,
            long start) {
        String text = message.path("content").asString();
        try (SpeechStream speech = pipeline.open(order, running.cancellation())) {
            Script script = speech.script(text);
            byte[] audio = speech.whole(script, memory).audio();
            running.note(speech.modelId(), speech.seconds(), start);
            memory.take((long) TEXT_AND_BYTES * audio.length);
            String id = newId();
            Instant until = answers.put(id, text);
            message.putNull("content");
            message.putObject("audio")
                    .put("id", id)
                    .put("data", Base64.getEncoder().encodeToString(audio))
                    .put("expires_at", until.getEpochSecond())
                    .put("transcript", text);
        }
    }
}
