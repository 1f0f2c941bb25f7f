package dev.parlo.server.realtime;

import dev.parlo.server.http.Base64Text;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the items that clients make, in either shape. */
final class ItemReader {
    private static final int LONGEST_ID = 128;
    private static final int MOST_PARTS = 64;

    private final Ids ids;
    private final WireFormat input;

    /**
     * @param input how audio in them is written
     */
    ItemReader(Ids ids, WireFormat input) {
        this.ids = ids;
        this.input = input;
    }

    /**
     * @throws RealtimeException naming what is wrong
     */
    Item read(Given item) {
        String given = item.text("id");
        if (given != null && (given.isBlank() || given.length() > LONGEST_ID)) {
            throw new RealtimeException(
                    "invalid_value",
                    "'" + item.param("id") + "' must have 1 to " + LONGEST_ID + " characters.",
                    item.param("id"));
        }
        String id = given == null ? ids.next("item_") : given;
        String type = item.required("type");
        return switch (type) {
            case "message" -> message(id, item);
            case "function_call" ->
                    Item.call(
                            id,
                            Item.Status.COMPLETED,
                            new Item.FunctionCall(
                                    callId(item),
                                    item.required("name"),
                                    item.required("arguments")));
            case "function_call_output" ->
                    new Item(
                            id,
                            Item.Kind.FUNCTION_CALL_OUTPUT,
                            Item.Status.COMPLETED,
                            "",
                            List.of(),
                            new Item.FunctionCall(
                                    item.required("call_id"), "", item.required("output")));
            default ->
                    throw new RealtimeException(
                            "invalid_value",
                            "Invalid value: '"
                                    + Given.shown(type)
                                    + "'. Supported values are: 'message', 'function_call' and"
                                    + " 'function_call_output'.",
                            item.param("type"));
        };
    }

    private String callId(Given item) {
        String id = item.text("call_id");
        return id == null ? ids.next("call_") : id;
    }

    private Item message(String id, Given item) {
        String role = item.oneOf("role", List.of("system", "user", "assistant", "developer"));
        if (role == null) {
            throw new RealtimeException(
                    "missing_required_parameter",
                    "Missing required parameter: '" + item.param("role") + "'.",
                    item.param("role"));
        }
        JsonNode content = item.get("content");
        if (!content.isArray() || content.size() > MOST_PARTS) {
            throw item.wrongType("content", "an array of at most " + MOST_PARTS + " parts");
        }
        List<Item.Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(new Given(content.get(i), item.param("content") + "[" + i + "]"), role));
        }
        return Item.message(
                id, role.equals("developer") ? "system" : role, Item.Status.COMPLETED, parts);
    }

    private Item.Part part(Given part, String role) {
        String type = part.required("type");
        return switch (type) {
            case "input_text", "text", "output_text" -> Item.Part.text(part.required("text"));
            case "input_audio", "audio", "output_audio" -> audio(part, role);
            case "input_image" -> {
                var unused = part.requiredData("image_url");
                yield new Item.Part(Item.Part.Type.IMAGE, null, null, part.node());
            }
            default ->
                    throw new RealtimeException(
                            "invalid_value",
                            "Invalid value: '"
                                    + Given.shown(type)
                                    + "'. Supported values are: 'input_text', 'input_audio',"
                                    + " 'input_image', 'output_text' and 'output_audio'.",
                            part.param("type"));
        };
    }

    private Item.Part audio(Given part, String role) {
        String transcript = part.text("transcript");
        String audio = part.data("audio");
        if (audio == null || !role.equals("user")) {
            return Item.Part.audio(transcript == null ? "" : transcript, null);
        }
        return Item.Part.audio(
                transcript, new Item.Sound(input, bytes(audio, part.param("audio")), List.of()));
    }

    /**
     * @throws RealtimeException where it is not base64
     */
    static byte[] bytes(@Nullable String base64, String param) {
        try {
            return Base64Text.decode(base64 == null ? "" : base64);
        } catch (IllegalArgumentException broken) {
            throw new RealtimeException(
                    "invalid_value",
                    "Invalid value for '"
                            + param
                            + "': it is not base64; "
                            + broken.getMessage()
                            + ".",
                    param);
        }
    }
}
