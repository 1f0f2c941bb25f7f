package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** What each event of a client leads to. Used by the thread of the session. */
final class ClientEvents {
    private final Talk talk;
    private final Answers answers;
    private final Supplier<ObjectNode> session;

    /**
     * @param session as the client is shown it
     */
    ClientEvents(Talk talk, Answers answers, Supplier<ObjectNode> session) {
        this.talk = talk;
        this.answers = answers;
        this.session = session;
    }

    /**
     * @throws RealtimeException for what cannot be done
     */
    void take(Given event, Ear ear, Cancellation cancellation) {
        String type = event.required("type");
        DialectSigns.of(event, type)
                .filter(sign -> talk.emitter.dialect() == Dialect.UNDECIDED)
                .ifPresent(talk.emitter::speak);
        switch (type) {
            case "session.update" -> update(event, ear, "session.updated");
            case "transcription_session.update" ->
                    update(event, ear, "transcription_session.updated");
            case "input_audio_buffer.append" -> ear.append(event.requiredData("audio"));
            case "input_audio_buffer.commit" -> ear.commit();
            case "input_audio_buffer.clear" -> ear.clear();
            case "conversation.item.create" -> create(event, ear, cancellation);
            case "conversation.item.retrieve" -> retrieve(event, ear);
            case "conversation.item.truncate" -> truncate(event);
            case "conversation.item.delete" -> delete(event);
            case "response.create" -> respond(event);
            case "response.cancel" -> answers.cancel(event.text("response_id"));
            case "output_audio_buffer.clear" -> {} // of WebRTC, where the server holds it
            default ->
                    throw new RealtimeException(
                            "invalid_value",
                            "Invalid value: '"
                                    + Given.shown(type)
                                    + "'. Supported values are: 'session.update',"
                                    + " 'transcription_session.update', 'input_audio_buffer.append',"
                                    + " 'input_audio_buffer.commit', 'input_audio_buffer.clear',"
                                    + " 'conversation.item.create', 'conversation.item.retrieve',"
                                    + " 'conversation.item.truncate', 'conversation.item.delete',"
                                    + " 'response.create' and 'response.cancel'.",
                            "type");
        }
    }

    private void update(Given event, Ear ear, String answer) {
        if (!event.get("session").isObject()) {
            throw new RealtimeException(
                    "missing_required_parameter",
                    "Missing required parameter: 'session'.",
                    "session");
        }
        SessionSettings before = talk.settings();
        SessionSettings changed = before.copy();
        if (answer.startsWith("transcription")) {
            changed.becomeTranscription();
        }
        new SessionReader(changed).read(event.object("session"));
        talk.change(changed);
        try {
            ear.configure();
        } catch (RuntimeException refused) {
            // Nothing of an update holds where a part of it cannot.
            talk.change(before);
            throw refused;
        }
        ObjectNode updated = talk.emitter.event(answer);
        updated.set("session", session.get());
        talk.emitter.send(updated);
    }

    private void create(Given event, Ear ear, Cancellation cancellation) {
        if (!event.get("item").isObject()) {
            throw new RealtimeException(
                    "missing_required_parameter", "Missing required parameter: 'item'.", "item");
        }
        Item item = new ItemReader(talk.ids, talk.settings().input).read(event.object("item"));
        Item.FunctionCall call = item.call();
        if (item.kind() == Item.Kind.FUNCTION_CALL_OUTPUT
                && call != null
                && !talk.get(() -> talk.items.hasCall(call.callId()))) {
            throw new RealtimeException(
                    "invalid_tool_call_id",
                    "Tool call ID '" + Given.shown(call.callId()) + "' not found in conversation.",
                    "item.call_id");
        }
        talk.add(item, event.text("previous_item_id"));
        ear.hear(item, cancellation);
    }

    private void retrieve(Given event, Ear ear) {
        String id = event.required("item_id");
        Item item =
                talk.get(() ->
                        talk.items.require(id, "retrieving", "item_retrieve_invalid_item_id"));
        ObjectNode retrieved = talk.emitter.event("conversation.item.retrieved");
        retrieved.set("item", ItemView.of(ear.playable(item), talk.emitter.dialect(), true));
        talk.emitter.send(retrieved);
    }

    private void truncate(Given event) {
        String id = event.required("item_id");
        Integer content = event.whole("content_index", 0, 64);
        Integer end = event.whole("audio_end_ms", 0, Integer.MAX_VALUE);
        if (end == null) {
            throw new RealtimeException(
                    "missing_required_parameter",
                    "Missing required parameter: 'audio_end_ms'.",
                    "audio_end_ms");
        }
        int index = content == null ? 0 : content;
        talk.locked(() -> {
            Item item = talk.items.require(id, "truncating", "item_truncate_invalid_item_id");
            if (item.status() == Item.Status.IN_PROGRESS) {
                // Its sound is still being made: it is cut when that has ended.
                talk.cutLater(id, end);
            } else {
                talk.items.replace(Truncation.at(item, index, end));
            }
            ObjectNode truncated = talk.emitter.event("conversation.item.truncated");
            truncated.put("item_id", id).put("content_index", index).put("audio_end_ms", end);
            talk.emitter.send(truncated);
        });
    }

    private void delete(Given event) {
        String id = event.required("item_id");
        talk.locked(() -> {
            talk.items.remove(talk.items.require(id, "deleting", "item_delete_invalid_item_id"));
            ObjectNode deleted = talk.emitter.event("conversation.item.deleted");
            deleted.put("item_id", id);
            talk.emitter.send(deleted);
        });
    }

    private void respond(Given event) {
        if (talk.settings().transcriptionOnly) {
            throw new RealtimeException(
                    "invalid_request_error", "A transcription session has no responses.", "type");
        }
        answers.create(ResponseOrder.read(event.object("response"), talk));
    }
}
