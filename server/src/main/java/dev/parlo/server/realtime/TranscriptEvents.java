package dev.parlo.server.realtime;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tells a client what was said in its items, where it wants to know, and settles them. */
final class TranscriptEvents {
    private final Talk talk;

    TranscriptEvents(Talk talk) {
        this.talk = talk;
    }

    /** More of what is said in an item is known; does nothing for one that nobody knows of yet. */
    void delta(@Nullable String id, String delta) {
        if (id != null && !delta.isEmpty() && shown()) {
            ObjectNode event = event(id, "delta");
            event.put("delta", delta);
            talk.emitter.send(event);
        }
    }

    /**
     * What is said in an item is known.
     *
     * @param rest of the text, which no delta has told
     * @param seconds of its audio
     * @param language empty where it is not known
     */
    void completed(String id, String text, String rest, double seconds, String language) {
        if (shown()) {
            delta(id, rest);
            ObjectNode event = event(id, "completed");
            event.put("transcript", text);
            event.putObject("usage").put("type", "duration").put("seconds", seconds);
            event.putNull("logprobs");
            if (!language.isEmpty()) {
                event.putArray("languages").addObject().put("code", language);
            }
            talk.emitter.send(event);
        }
        talk.settle(id, text);
    }

    /** What is said in an item will not be known. */
    void failed(String id, Throwable why) {
        ApiError error = ErrorMapper.toApiError(why);
        ObjectNode event = event(id, "failed");
        Emitter.describe(event.putObject("error"), error, "transcription_failed");
        talk.emitter.send(event);
        talk.settle(id, null);
    }

    private boolean shown() {
        return talk.settings().showsTranscripts(talk.emitter.dialect());
    }

    private ObjectNode event(String id, String what) {
        ObjectNode event =
                talk.emitter.event("conversation.item.input_audio_transcription." + what);
        event.put("item_id", id).put("content_index", 0);
        return event;
    }
}
