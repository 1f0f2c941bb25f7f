package dev.parlo.server.wyoming;

import dev.parlo.server.http.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One message of the protocol.
 *
 * @param data empty for none
 * @param payload samples, for most types none
 */
record Event(String type, ObjectNode data, byte[] payload) {
    private static final byte[] NOTHING = new byte[0];

    static Event of(String type) {
        return new Event(type, Json.mapper().createObjectNode(), NOTHING);
    }

    Event with(String name, String value) {
        ObjectNode more = data.deepCopy();
        more.put(name, value);
        return new Event(type, more, payload);
    }

    /** A text; empty where there is none. */
    String text(String name) {
        JsonNode node = data.path(name);
        return node.isString() ? node.asString() : "";
    }
}
