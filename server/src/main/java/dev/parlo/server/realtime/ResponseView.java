package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** An answer as a client is shown it. */
record ResponseView(String id, ResponseOrder order, @Nullable String conversationId) {
    ObjectNode begun(Dialect dialect) {
        return of(
                dialect, "in_progress", NullNode.getInstance(), List.of(), NullNode.getInstance());
    }

    /**
     * @param details of a status other than completed
     * @param usage as the language model told it, in its own words
     */
    ObjectNode ended(
            Dialect dialect, String status, JsonNode details, List<Item> output, JsonNode usage) {
        return of(dialect, status, details, output, usage(usage));
    }

    private ObjectNode of(
            Dialect dialect, String status, JsonNode details, List<Item> output, JsonNode usage) {
        SessionSettings settings = order.settings();
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("object", "realtime.response");
        node.put("id", id);
        node.put("status", status);
        node.set("status_details", details);
        ArrayNode items = node.putArray("output");
        output.forEach(item -> items.add(ItemView.of(item, dialect, false)));
        node.put("conversation_id", conversationId);
        String tokens = dialect == Dialect.GA ? "max_output_tokens" : "max_response_output_tokens";
        if (settings.maxOutputTokens.isPresent()) {
            node.put(tokens, settings.maxOutputTokens.getAsInt());
        } else {
            node.put(tokens, "inf");
        }
        if (dialect != Dialect.BETA) {
            node.putArray("output_modalities").add(settings.audio ? "audio" : "text");
            ObjectNode audio = node.putObject("audio").putObject("output");
            audio.set("format", settings.output.ga());
            audio.put("voice", settings.voice);
        }
        if (dialect != Dialect.GA) {
            ArrayNode modalities = node.putArray("modalities");
            if (settings.audio) {
                modalities.add("audio");
            }
            modalities.add("text");
            node.put("voice", settings.voice);
            node.put("output_audio_format", settings.output.beta());
            node.put("temperature", settings.temperature == null ? 0.8 : settings.temperature);
        }
        node.set("usage", usage);
        node.set("metadata", order.metadata());
        return node;
    }

    /** Every number is there, zero where the model told none. */
    private static ObjectNode usage(JsonNode told) {
        int input = told.path("prompt_tokens").asInt(0);
        int output = told.path("completion_tokens").asInt(0);
        int cached = told.path("prompt_tokens_details").path("cached_tokens").asInt(0);
        ObjectNode usage = Json.mapper().createObjectNode();
        usage.put("total_tokens", told.path("total_tokens").asInt(input + output));
        usage.put("input_tokens", input);
        usage.put("output_tokens", output);
        ObjectNode details = usage.putObject("input_token_details");
        details.put("text_tokens", input).put("audio_tokens", 0).put("image_tokens", 0);
        details.put("cached_tokens", cached);
        details.putObject("cached_tokens_details")
                .put("text_tokens", cached)
                .put("audio_tokens", 0)
                .put("image_tokens", 0);
        usage.putObject("output_token_details").put("text_tokens", output).put("audio_tokens", 0);
        return usage;
    }
}
