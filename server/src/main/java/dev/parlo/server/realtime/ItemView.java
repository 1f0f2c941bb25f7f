package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Items as clients are shown them. */
final class ItemView {
    private ItemView() {}

    /**
     * @param sounding whether what was said is in it
     */
    static ObjectNode of(Item item, Dialect dialect, boolean sounding) {
        ObjectNode node = Json.mapper().createObjectNode();
        node.put("id", item.id());
        node.put("object", "realtime.item");
        node.put("type", item.kind().name().toLowerCase(Locale.ROOT));
        node.put("status", item.status().name().toLowerCase(Locale.ROOT));
        Item.FunctionCall call = item.call();
        if (call == null) {
            node.put("role", item.role());
            ArrayNode content = node.putArray("content");
            for (Item.Part part : item.parts()) {
                content.add(part(part, item, dialect, sounding));
            }
        } else {
            node.put("call_id", call.callId());
            if (item.kind() == Item.Kind.FUNCTION_CALL) {
                node.put("name", call.name());
                node.put("arguments", call.arguments());
            } else {
                node.put("output", call.arguments());
            }
        }
        return node;
    }

    private static ObjectNode part(Item.Part part, Item item, Dialect dialect, boolean sounding) {
        ObjectNode node = Json.mapper().createObjectNode();
        boolean answer = item.role().equals("assistant");
        @Nullable String text = part.text();
        switch (part.type()) {
            case TEXT -> {
                node.put(
                        "type",
                        !answer ? "input_text" : dialect == Dialect.GA ? "output_text" : "text");
                node.put("text", text == null ? "" : text);
            }
            case AUDIO -> {
                node.put(
                        "type",
                        !answer ? "input_audio" : dialect == Dialect.GA ? "output_audio" : "audio");
                node.put("transcript", text);
                Item.Sound sound = part.sound();
                if (sounding && sound != null) {
                    node.put("audio", Base64.getEncoder().encodeToString(sound.bytes()));
                    node.put("format", sound.format().beta());
                }
            }
            case IMAGE -> {
                node.put("type", "input_image");
                if (part.image() != null) {
                    node.setAll((ObjectNode) part.image());
                }
            }
        }
        return node;
    }
}
