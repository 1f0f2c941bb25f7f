package dev.parlo.server.chat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Base64Text;
import dev.parlo.server.transcription.SpokenText;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the messages of a conversation text: what was spoken in them is transcribed, what was
 * answered in speech is looked up. A client sends the whole conversation each time, so that
 * transcripts are kept for a while by what they were made from. Thread-safe.
 */
final class HeardMessages {
    private static final Duration KEPT = Duration.ofHours(1);

    /** Recordings of one request. */
    private static final int MOST_RECORDINGS = 256;

    private final SpokenText spokenText;
    private final Supplier<String> usualModel;
    private final RecentTexts transcripts;
    private final RecentTexts answers;

    /**
     * @param usualModel who listens where a request does not say
     * @param answers what was answered in speech, by its id
     */
    HeardMessages(
            SpokenText spokenText,
            Supplier<String> usualModel,
            RecentTexts answers,
            InstantSource clock) {
        this.spokenText = spokenText;
        this.usualModel = usualModel;
        this.answers = answers;
        this.transcripts = new RecentTexts(KEPT, clock);
    }

    /**
     * Changes the messages of a request in place.
     *
     * @throws ApiError 400 for audio that is not base64, too many recordings or an unknown answer
     */
    void resolve(ChatRequest request, Cancellation cancellation) {
        int recordings = 0;
        int index = 0;
        for (JsonNode message : request.messages()) {
            if (message instanceof ObjectNode object) {
                recordings += hear(object, index, request, cancellation, recordings);
                recall(object, index);
            }
            index++;
        }
    }

    private int hear(
            ObjectNode message,
            int index,
            ChatRequest request,
            Cancellation cancellation,
            int before) {
        if (!(message.path("content") instanceof ArrayNode parts)) {
            return 0;
        }
        int recordings = 0;
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.path(i);
            if (part.path("type").asString("").equals("input_audio")) {
                recordings++;
                if (before + recordings > MOST_RECORDINGS) {
                    throw ApiError.of(
                                    400,
                                    "A request may have at most "
                                            + MOST_RECORDINGS
                                            + " recordings.")
                            .withParam("messages");
                }
                String text = text(part.path("input_audio"), index, request, cancellation);
                ObjectNode heard = parts.objectNode().put("type", "text").put("text", text);
                parts.set(i, heard);
            }
        }
        return recordings;
    }

    private String text(
            JsonNode recording, int index, ChatRequest request, Cancellation cancellation) {
        byte[] audio = decoded(recording.path("data"), index);
        String name = name(audio, request);
        return transcripts
                .get(name)
                .orElseGet(() -> {
                    String text = listen(audio, request, cancellation);
                    transcripts.put(name, text);
                    return text;
                });
    }

    private String listen(byte[] audio, ChatRequest request, Cancellation cancellation) {
        String named = request.transcriptionModel();
        try (UploadSpool.Upload recording = spokenText.keep(new ByteArrayInputStream(audio))) {
            return spokenText.of(
                    recording,
                    named == null ? usualModel.get() : named,
                    request.transcription(),
                    segment -> {},
                    cancellation);
        }
    }

    private static byte[] decoded(JsonNode data, int index) {
        return Base64Text.recording(data.asString(""), reason -> refused(index, reason));
    }

    private static ApiError refused(int index, String reason) {
        return ApiError.of(
                        400,
                        "Message "
                                + index
                                + ": 'input_audio' needs 'data', a recording in base64, and"
                                + " 'format', such as {\"data\": \"UklGR…\", \"format\": \"wav\"};"
                                + " the data cannot be read: "
                                + reason
                                + ".",
                        "invalid_audio")
                .withParam("messages[" + index + "].content");
    }

    /** A recording and how it was listened to. */
    private static String name(byte[] audio, ChatRequest request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(audio);
            digest.update(
                    (request.transcriptionModel() + " " + request.transcriptionFields())
                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private void recall(ObjectNode message, int index) {
        JsonNode audio = message.path("audio");
        if (!message.path("role").asString("").equals("assistant") || !audio.isObject()) {
            return;
        }
        String id = audio.path("id").asString("");
        String content = message.path("content").asString("");
        // Some clients send both; a forgotten answer is then still known.
        String text = answers.get(id).orElse(content);
        if (text.isEmpty()) {
            throw ApiError.of(
                            400,
                            "Message "
                                    + index
                                    + ": no answer with the audio id '"
                                    + id
                                    + "' is kept; they are for an hour, until the server ends. Send"
                                    + " its transcript as 'content' instead.",
                            "audio_not_found")
                    .withParam("messages[" + index + "].audio.id");
        }
        message.remove("audio");
        message.put("content", text);
    }
}
