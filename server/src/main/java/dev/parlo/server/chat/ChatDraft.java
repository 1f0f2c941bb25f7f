package dev.parlo.server.chat;

import dev.parlo.server.http.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What the {@link ChatFields} of a request have set so far. One thread. */
final class ChatDraft {
    boolean stream;
    List<String> modalities = List.of();
    @Nullable String voice;
    @Nullable String format;
    @Nullable String transcriptionModel;
    ObjectNode transcription = Json.mapper().createObjectNode();
    String speechModel = "";
    ObjectNode speech = Json.mapper().createObjectNode();
}
