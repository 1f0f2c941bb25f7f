package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Sends events to one client, under the names of its dialect. Thread-safe. */
final class Emitter {
    private static final String INVALID_REQUEST = "invalid_request_error";

    private final Consumer<ObjectNode> whole;
    private final BiConsumer<ObjectNode, Cancellation> parts;
    private final Ids ids;
    private final Dialect usual;
    private volatile Dialect dialect;

    /**
     * @param whole sends an event
     * @param parts sends a part of an answer, unless that has ended
     * @param usual of a client that never shows its own
     */
    Emitter(
            Consumer<ObjectNode> whole,
            BiConsumer<ObjectNode, Cancellation> parts,
            Ids ids,
            Dialect dialect,
            Dialect usual) {
        this.whole = whole;
        this.parts = parts;
        this.ids = ids;
        this.dialect = dialect;
        this.usual = usual;
    }

    Dialect dialect() {
        return dialect;
    }

    void speak(Dialect other) {
        dialect = other;
    }

    /** What follows has another name in each dialect. */
    void decide() {
        if (dialect == Dialect.UNDECIDED) {
            dialect = usual;
        }
    }

    /** An event by its present name, to be filled. */
    ObjectNode event(String name) {
        ObjectNode event = Json.mapper().createObjectNode();
        event.put("type", dialect.event(name));
        event.put("event_id", ids.next("event_"));
        return event;
    }

    /**
     * @throws dev.parlo.engine.EngineException CANCELLED when the client is gone
     */
    void send(ObjectNode event) {
        whole.accept(event);
    }

    /**
     * Sends a part of an answer, which is dropped when the answer ends before it left.
     *
     * @throws dev.parlo.engine.EngineException CANCELLED when the answer was ended, or the client
     *     is gone
     */
    void stream(ObjectNode event, Cancellation answer) {
        parts.accept(event, answer);
    }

    void error(RealtimeException failure, @Nullable String clientEvent) {
        error(INVALID_REQUEST, failure.code(), failure.message(), failure.param(), clientEvent);
    }

    void error(ApiError failure, @Nullable String clientEvent) {
        ObjectNode event = event("error");
        ObjectNode error = event.putObject("error");
        describe(error, failure, null);
        error.putNull("param");
        error.put("event_id", clientEvent);
        send(event);
    }

    /**
     * Writes an error's type, code and message as all events have them.
     *
     * @param usual the code of one that has none
     */
    static void describe(ObjectNode error, ApiError failure, @Nullable String usual) {
        Object code = failure.error().get("code");
        error.put("type", failure.status() < 500 ? INVALID_REQUEST : "server_error");
        error.put("code", code == null ? usual : code.toString());
        error.put("message", failure.message());
    }

    void error(
            String type,
            @Nullable String code,
            String message,
            @Nullable String param,
            @Nullable String clientEvent) {
        ObjectNode event = event("error");
        ObjectNode error = event.putObject("error");
        error.put("type", type);
        error.put("code", code);
        error.put("message", message);
        error.put("param", param);
        error.put("event_id", clientEvent);
        send(event);
    }

    /**
     * An item is in the conversation. Where an answer begins in it, its end is told by {@link
     * #itemDone}.
     */
    void itemAdded(Item item, @Nullable String previous) {
        if (dialect != Dialect.GA) {
            ObjectNode created = event("conversation.item.created");
            created.put("previous_item_id", previous);
            created.set("item", ItemView.of(item, Dialect.BETA, false));
            send(created);
        }
        if (dialect != Dialect.BETA) {
            ObjectNode added = event("conversation.item.added");
            added.put("previous_item_id", previous);
            added.set("item", ItemView.of(item, dialect, false));
            send(added);
        }
    }

    void itemDone(Item item, @Nullable String previous) {
        if (dialect != Dialect.BETA) {
            ObjectNode done = event("conversation.item.done");
            done.put("previous_item_id", previous);
            done.set("item", ItemView.of(item, dialect, false));
            send(done);
        }
    }
}
