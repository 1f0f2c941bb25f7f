package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A conversation as a language model is asked to go on with it, in OpenAI's chat API. */
final class ChatBody {
    private ChatBody() {}

    static ObjectNode of(SessionSettings settings, List<Item> items) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("model", settings.model);
        ArrayNode messages = body.putArray("messages");
        if (!settings.instructions.isBlank()) {
            messages.addObject().put("role", "system").put("content", settings.instructions);
        }
        @Nullable ArrayNode calls = null;
        for (Item item : items) {
            if (item.kind() == Item.Kind.FUNCTION_CALL) {
                // Calls that were made together are one message.
                calls = calls == null ? calls(messages) : calls;
                call(item, calls);
            } else {
                calls = null;
                message(item, messages);
            }
        }
        Double temperature = settings.temperature;
        if (temperature != null) {
            body.put("temperature", temperature);
        }
        if (settings.maxOutputTokens.isPresent()) {
            body.put("max_tokens", settings.maxOutputTokens.getAsInt());
        }
        tools(settings, body);
        body.put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return body;
    }

    private static ArrayNode calls(ArrayNode messages) {
        ObjectNode message = messages.addObject().put("role", "assistant");
        message.putNull("content");
        return message.putArray("tool_calls");
    }

    private static void call(Item item, ArrayNode calls) {
        Item.FunctionCall call = item.call();
        if (call != null) {
            ObjectNode node = calls.addObject().put("id", call.callId()).put("type", "function");
            node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        }
    }

    private static void message(Item item, ArrayNode messages) {
        Item.FunctionCall call = item.call();
        if (call != null) {
            messages.addObject()
                    .put("role", "tool")
                    .put("tool_call_id", call.callId())
                    .put("content", call.arguments());
            return;
        }
        boolean seen = item.parts().stream().anyMatch(part -> part.type() == Item.Part.Type.IMAGE);
        String text = text(item);
        if (!seen) {
            if (!text.isBlank()) {
                messages.addObject().put("role", item.role()).put("content", text);
            }
            return;
        }
        ArrayNode content = messages.addObject().put("role", item.role()).putArray("content");
        for (Item.Part part : item.parts()) {
            JsonNode image = part.image();
            if (image != null) {
                ObjectNode url =
                        content.addObject().put("type", "image_url").putObject("image_url");
                url.put("url", image.path("image_url").asString(""));
                if (image.path("detail").isString()) {
                    url.put("detail", image.path("detail").asString());
                }
            } else if (part.text() != null && !part.text().isBlank()) {
                content.addObject().put("type", "text").put("text", part.text());
            }
        }
    }

    private static String text(Item item) {
        StringBuilder text = new StringBuilder();
        for (Item.Part part : item.parts()) {
            String more = part.text();
            if (more != null && !more.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n").append(more);
            }
        }
        return text.toString();
    }

    private static void tools(SessionSettings settings, ObjectNode body) {
        if (settings.tools.isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (JsonNode tool : settings.tools) {
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            for (String key : new String[] {"name", "description", "parameters", "strict"}) {
                if (tool.has(key)) {
                    function.set(key, tool.get(key));
                }
            }
        }
        JsonNode choice = settings.toolChoice;
        if (choice.isObject() && choice.path("name").isString()) {
            ObjectNode named = body.putObject("tool_choice").put("type", "function");
            named.putObject("function").put("name", choice.path("name").asString());
        } else {
            body.set("tool_choice", choice);
        }
    }
}
