package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What comes out of one answer, told as it comes: a message, calls of functions, or both. Used by
 * the thread of the answer; the sound by that of the speech.
 */
final class AnswerItems {
    /** Characters of an answer, its calls with it; a model that does not end is ended. */
    private static final int LONGEST = 200_000;

    private static final int MOST_CALLS = 128;

    private final Talk talk;
    private final String responseId;
    private final ResponseOrder order;
    private final Cancellation cancellation;
    private final List<Item> output = new ArrayList<>();
    private final Map<Integer, Call> calls = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable String messageId;
    private int messageIndex;
    private @Nullable AnswerSound sound;
    private int indexes;
    private int written;

    /** A call while its pieces come. */
    private static final class Call {
        final String itemId;
        final String callId;
        final String name;
        final int index;
        final StringBuilder arguments = new StringBuilder();

        Call(String itemId, String callId, String name, int index) {
            this.itemId = itemId;
            this.callId = callId;
            this.name = name;
            this.index = index;
        }

        Item item(Item.Status status) {
            return Item.call(
                    itemId, status, new Item.FunctionCall(callId, name, arguments.toString()));
        }
    }

    AnswerItems(Talk talk, String responseId, ResponseOrder order, Cancellation cancellation) {
        this.talk = talk;
        this.responseId = responseId;
        this.order = order;
        this.cancellation = cancellation;
    }

    /** What is whole by now. */
    List<Item> output() {
        return output;
    }

    boolean hasMessage() {
        return messageId != null;
    }

    private void count(int characters) {
        written += characters;
        if (written > LONGEST) {
            throw tooLong(LONGEST + " characters");
        }
    }

    private static ApiError tooLong(String most) {
        return ApiError.of(
                502, "The language model wrote more than " + most + ".", "answer_too_long");
    }

    /** Begins the message; its sound goes where this says. */
    AnswerSound begin() {
        String id = talk.ids.next("item_");
        messageId = id;
        messageIndex = indexes++;
        Item item = Item.message(id, "assistant", Item.Status.IN_PROGRESS, List.of());
        added(item, messageIndex);
        ObjectNode part = place("response.content_part.added");
        part.set("part", part(""));
        talk.emitter.send(part);
        AnswerSound opened =
                new AnswerSound(
                        order.settings().output,
                        talk.emitter,
                        () -> place("response.output_audio.delta"),
                        cancellation);
        sound = opened;
        return opened;
    }

    /**
     * More of the message was written.
     *
     * @throws ApiError 502 when the answer is too long
     */
    void write(String delta) {
        count(delta.length());
        text.append(delta);
        ObjectNode event =
                place(
                        order.settings().audio
                                ? "response.output_audio_transcript.delta"
                                : "response.output_text.delta");
        event.put("delta", delta);
        talk.emitter.stream(event, cancellation);
    }

    /**
     * A piece of a call.
     *
     * @throws ApiError 502 when the answer is too long
     */
    void call(JsonNode piece) {
        int number = piece.path("index").asInt(calls.size());
        JsonNode function = piece.path("function");
        Call call = calls.get(number);
        if (call == null) {
            if (calls.size() == MOST_CALLS) {
                throw tooLong(MOST_CALLS + " calls");
            }
            String given = piece.path("id").asString("");
            count(given.length() + function.path("name").asString("").length());
            call =
                    new Call(
                            talk.ids.next("item_"),
                            given.isEmpty() ? talk.ids.next("call_") : given,
                            function.path("name").asString(""),
                            indexes++);
            calls.put(number, call);
            added(call.item(Item.Status.IN_PROGRESS), call.index);
        }
        JsonNode arguments = function.path("arguments");
        String delta = arguments.isObject() ? arguments.toString() : arguments.asString("");
        if (!delta.isEmpty()) {
            count(delta.length());
            call.arguments.append(delta);
            ObjectNode event = of(call, "response.function_call_arguments.delta");
            event.put("delta", delta);
            talk.emitter.stream(event, cancellation);
        }
    }

    /** Ends what was begun. */
    void end(boolean whole) {
        Item.Status status = whole ? Item.Status.COMPLETED : Item.Status.INCOMPLETE;
        if (messageId != null) {
            endMessage(messageId, status);
        }
        for (Call call : calls.values()) {
            Item item = call.item(status);
            ObjectNode done = of(call, "response.function_call_arguments.done");
            done.put("name", call.name).put("arguments", call.arguments.toString());
            talk.emitter.send(done);
            done(item, call.index);
        }
    }

    private void endMessage(String id, Item.Status status) {
        boolean spoken = order.settings().audio;
        String said = text.toString();
        AnswerSound heard = sound;
        Item.Part part =
                spoken && heard != null
                        ? Item.Part.audio(said, heard.sound(status == Item.Status.COMPLETED))
                        : Item.Part.text(said);
        if (spoken) {
            talk.emitter.send(place("response.output_audio.done"));
            ObjectNode transcript = place("response.output_audio_transcript.done");
            transcript.put("transcript", said);
            talk.emitter.send(transcript);
        } else {
            ObjectNode written = place("response.output_text.done");
            written.put("text", said);
            talk.emitter.send(written);
        }
        ObjectNode ended = place("response.content_part.done");
        ended.set("part", part(said));
        talk.emitter.send(ended);
        done(Item.message(id, "assistant", status, List.of(part)), messageIndex);
    }

    /** Parts keep their short names also where items do not. */
    private ObjectNode part(String said) {
        ObjectNode part = Json.mapper().createObjectNode();
        boolean spoken = order.settings().audio;
        part.put("type", spoken ? "audio" : "text");
        part.put(spoken ? "transcript" : "text", said);
        return part;
    }

    private void added(Item item, int index) {
        talk.locked(() -> {
            outputItem("response.output_item.added", item, index);
            if (order.inConversation()) {
                talk.items.add(item);
                talk.emitter.itemAdded(item, talk.items.before(item.id()));
            }
        });
    }

    private void done(Item item, int index) {
        output.add(item.silent());
        talk.locked(() -> {
            // A client may have deleted it meanwhile.
            if (order.inConversation() && talk.items.find(item.id()) != null) {
                talk.complete(item);
                talk.emitter.itemDone(item, talk.items.before(item.id()));
            }
            outputItem("response.output_item.done", item, index);
        });
    }

    private void outputItem(String name, Item item, int index) {
        ObjectNode event = talk.emitter.event(name);
        event.put("response_id", responseId).put("output_index", index);
        event.set("item", ItemView.of(item, talk.emitter.dialect(), false));
        talk.emitter.send(event);
    }

    private ObjectNode place(String name) {
        ObjectNode event = talk.emitter.event(name);
        event.put("response_id", responseId)
                .put("item_id", messageId)
                .put("output_index", messageIndex)
                .put("content_index", 0);
        return event;
    }

    private ObjectNode of(Call call, String name) {
        ObjectNode event = talk.emitter.event(name);
        event.put("response_id", responseId)
                .put("item_id", call.itemId)
                .put("output_index", call.index)
                .put("call_id", call.callId);
        return event;
    }
}
