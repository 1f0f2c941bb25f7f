package dev.parlo.server.chat;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.SseWriter;
import dev.parlo.server.llm.LlmClient;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpokenPiece;
import dev.parlo.server.speech.SpokenReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer as events: the language model's own, and where it is spoken, its words as transcripts
 * with the audio among them. The chunks that end the answer come after the last audio. The words
 * are sent by the request's thread, the audio by the speech's.
 */
final class StreamedChat {
    /** Characters of an answer that is spoken; a model that does not end is ended. */
    private static final int LONGEST = 1 << 20;

    /** Chunks behind the words, which wait for the audio. */
    private static final int MOST_ENDING = 100;

    private final LlmClient llm;
    private final SpeechPipeline pipeline;
    private final RecentTexts answers;
    private final SseWriter events;
    private final List<ObjectNode> ending = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final String id = SpokenAnswer.newId();
    private final long expires;
    private volatile @Nullable ObjectNode first;

    /**
     * @param expires when the answer's id is forgotten
     */
    StreamedChat(
            LlmClient llm,
            SpeechPipeline pipeline,
            RecentTexts answers,
            SseWriter events,
            Instant expires) {
        this.llm = llm;
        this.pipeline = pipeline;
        this.answers = answers;
        this.events = events;
        this.expires = expires.getEpochSecond();
    }

    /** What spoke, and for how long. */
    record Spoken(String modelId, double seconds) {}

    /** Passes the answer on as it is. */
    void write(ObjectNode request, Cancellation cancellation) {
        llm.stream(request, events::send, cancellation);
        events.sendDone();
    }

    /** Speaks the answer while it is written. */
    Spoken speak(ObjectNode request, SpeechOrder order, Cancellation cancellation) {
        try (SpokenReply reply =
                SpokenReply.start(pipeline, order, cancellation, this::sendAudio)) {
            llm.stream(request, chunk -> take(chunk, reply), cancellation);
            reply.finish();
            answers.put(id, text.toString());
            ending.forEach(events::send);
            events.sendDone();
            return new Spoken(reply.modelId(), reply.seconds());
        }
    }

    private void take(ObjectNode chunk, SpokenReply reply) {
        JsonNode choice = chunk.path("choices").path(0);
        if (first == null && !choice.isMissingNode()) {
            first = chunk.deepCopy();
        }
        String piece = "";
        if (choice.path("delta") instanceof ObjectNode delta && delta.has("content")) {
            piece = delta.path("content").asString("");
            delta.putNull("content");
            if (!piece.isEmpty()) {
                if (text.length() + piece.length() > LONGEST) {
                    throw tooLong(LONGEST + " characters");
                }
                text.append(piece);
                delta.putObject("audio")
                        .put("id", id)
                        .put("transcript", piece)
                        .put("expires_at", expires);
            }
        }
        // Some servers begin with a chunk without choices; it ends nothing.
        if (!ending.isEmpty() || choice.hasNonNull("finish_reason")) {
            if (ending.size() == MOST_ENDING) {
                throw tooLong(MOST_ENDING + " chunks without words");
            }
            ending.add(chunk);
        } else {
            events.send(chunk);
        }
        if (!piece.isEmpty()) {
            reply.add(piece); // after its words: they are read before they are heard
        }
    }

    private static ApiError tooLong(String most) {
        return ApiError.of(
                502, "The language model sent more than " + most + ".", "answer_too_long");
    }

    private void sendAudio(SpokenPiece piece) {
        ObjectNode words = first; // there are words before they sound
        if (piece.audio().length == 0 || words == null) {
            return;
        }
        ObjectNode chunk = Json.mapper().createObjectNode();
        chunk.set("id", words.path("id"));
        chunk.put("object", "chat.completion.chunk");
        chunk.set("created", words.path("created"));
        chunk.set("model", words.path("model"));
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        ObjectNode delta = choice.putObject("delta");
        delta.putNull("content");
        delta.putObject("audio")
                .put("id", id)
                .put("data", Base64.getEncoder().encodeToString(piece.audio()))
                .put("expires_at", expires);
        choice.putNull("finish_reason");
        events.send(chunk);
    }
}
