package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * An answer that is asked for.
 *
 * @param settings of the session, with what the client wants otherwise
 * @param inConversation whether the answer becomes a part of it
 * @param input what is answered instead of the conversation; null for that
 * @param metadata as the client gave it
 */
record ResponseOrder(
        SessionSettings settings,
        boolean inConversation,
        @Nullable List<Item> input,
        JsonNode metadata) {
    private static final int MOST_INPUT = 256;

    /**
     * An answer and its thread. One that waits for the end of the one before to be told takes them
     * as long as the client reads nothing, and a client can ask for and cancel any number.
     */
    private static final long ANSWER_BYTES = 4096;

    /** Of a turn that is answered by itself. */
    static ResponseOrder usual(SessionSettings settings) {
        return new ResponseOrder(settings, true, null, NullNode.getInstance());
    }

    /** Memory that it and its answer take beside what the session holds, at most. */
    long bytes(SessionSettings session) {
        long bytes =
                ANSWER_BYTES + Json.bytes(metadata) + (settings == session ? 0 : settings.bytes());
        if (input != null) {
            for (Item item : input) {
                bytes += item.bytes();
            }
        }
        return bytes;
    }

    /**
     * @param response of {@code response.create}; an empty one where there is none
     * @throws RealtimeException naming what is wrong
     */
    static ResponseOrder read(Given response, Talk talk) {
        SessionSettings settings = talk.settings().copy();
        SessionReader reader = new SessionReader(settings);
        reader.modalities(response);
        reader.answer(response);
        String instructions = response.text("instructions");
        if (instructions != null) {
            settings.instructions = instructions;
        }
        String conversation = response.oneOf("conversation", List.of("auto", "none"));
        JsonNode metadata = response.get("metadata");
        return new ResponseOrder(
                settings,
                !"none".equals(conversation),
                input(response, talk, settings),
                metadata.isObject() ? metadata : NullNode.getInstance());
    }

    private static @Nullable List<Item> input(Given response, Talk talk, SessionSettings settings) {
        JsonNode input = response.get("input");
        if (input.isMissingNode() || input.isNull()) {
            return null;
        }
        if (!input.isArray() || input.size() > MOST_INPUT) {
            throw response.wrongType("input", "an array of at most " + MOST_INPUT + " items");
        }
        ItemReader reader = new ItemReader(talk.ids, settings.input);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            Given item = new Given(input.get(i), response.param("input") + "[" + i + "]");
            if ("item_reference".equals(item.text("type"))) {
                String id = item.required("id");
                items.add(
                        talk.get(() ->
                                talk.items.require(
                                        id, "referencing", "item_reference_invalid_item_id")));
            } else {
                items.add(reader.read(item));
            }
        }
        return items;
    }
}
