package dev.parlo.server.chat;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.speech.SpeechFields;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.transcription.TranscriptionJob;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat completion as it was asked for, every field of ours checked.
 *
 * @param upstream the body for the language model, whose messages may still hold audio
 * @param speech how the answer is spoken; null where it is text
 * @param transcriptionModel who listens; null for any
 * @param transcription how it is listened
 * @param transcriptionFields the same as the client wrote it
 */
record ChatRequest(
        ObjectNode upstream,
        boolean stream,
        @Nullable SpeechOrder speech,
        @Nullable String transcriptionModel,
        TranscriptionJob transcription,
        String transcriptionFields) {
    private static final int SAMPLE_RATE = 24_000;

    /**
     * Reads a body.
     *
     * @param modelNeeded whether the client has to name the language model
     * @throws ApiError 422 naming everything that is wrong, 400 for a body that is not JSON or asks
     *     for several answers
     */
    static ChatRequest read(byte[] body, boolean modelNeeded) {
        Fields fields = Fields.json(body);
        ChatDraft draft = new ChatDraft();
        ChatFields.read(fields, draft);
        if (modelNeeded && !fields.given("model")) {
            fields.rejectMissing("model");
        }
        SpeechOrder speech =
                draft.modalities.contains(ChatFields.AUDIO) ? order(fields, draft) : null;
        Fields listening = Fields.of(scalars(draft.transcription));
        TranscriptionJob transcription = TranscriptionJob.of(listening);
        fields.check();
        listening.check();
        ObjectNode root = (ObjectNode) fields.root();
        JsonNode several = root.path("n");
        if (several.isNumber() && several.asDouble() > 1) {
            throw ApiError.of(400, "'n' must be 1: there is one answer to a conversation.")
                    .withParam("n");
        }
        root.remove(ChatFields.OWN);
        if (root.has("modalities")) {
            // What is spoken is made here.
            root.putArray("modalities").add("text");
        }
        return new ChatRequest(
                root,
                draft.stream,
                speech,
                draft.transcriptionModel,
                transcription,
                Json.text(draft.transcription));
    }

    private static @Nullable SpeechOrder order(Fields fields, ChatDraft draft) {
        String format =
                draft.format != null ? draft.format : draft.stream ? ChatFields.PCM16 : "wav";
        if (draft.stream && !format.equals(ChatFields.PCM16)) {
            fields.reject(
                    ChatFields.AUDIO,
                    "Unsupported value: 'audio.format' does not support '"
                            + format
                            + "' when stream=true. Supported values are: 'pcm16'.");
            return null;
        }
        ObjectNode speech = draft.speech.deepCopy();
        speech.put("model", draft.speechModel);
        if (draft.voice != null) {
            speech.put("voice", draft.voice);
        }
        if (!speech.hasNonNull("sample_rate")) {
            speech.put("sample_rate", SAMPLE_RATE);
        }
        Fields spoken = Fields.of(speech);
        SpeechOrder order = SpeechFields.order(spoken);
        spoken.check();
        return order.withFormat(
                format.equals(ChatFields.PCM16)
                        ? AudioFormat.PCM
                        : AudioFormat.of(format).orElseThrow());
    }

    /** A transcription's options come in forms, whose values are texts or lists of them. */
    private static ObjectNode scalars(ObjectNode given) {
        ObjectNode all = Json.mapper().createObjectNode();
        given.properties()
                .forEach(entry -> {
                    JsonNode value = entry.getValue();
                    if (value.isArray() && !value.isEmpty()) {
                        for (int i = 0; i < value.size(); i++) {
                            all.set(entry.getKey() + "[" + i + "]", value.path(i));
                        }
                    } else {
                        all.set(entry.getKey(), value);
                    }
                });
        return all;
    }

    /** The messages, to be changed in place. */
    List<JsonNode> messages() {
        return List.copyOf(upstream.path("messages").asArray().elements());
    }
}
