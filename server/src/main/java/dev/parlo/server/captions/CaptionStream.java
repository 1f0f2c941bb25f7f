package dev.parlo.server.captions;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.Turn;
import dev.parlo.server.listening.TurnListener;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.listening.TurnRecognizer;
import dev.parlo.server.listening.TurnTranscript;
import dev.parlo.server.socket.Conversation;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.socket.Tasks;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One stream of audio over a WebSocket: binary messages are samples, text messages say where a turn
 * or the stream ends. Messages go out from the conversation's thread and the recogniser's.
 */
final class CaptionStream implements Conversation, TurnListener {
    private static final double MILLIS = 1000;

    private final SocketPeer peer;
    private final Tasks tasks;
    private final TurnRecognition turns;
    private final CaptionQuery query;
    private final CaptionEvents events;
    private final MemoryBudget.Share memory;
    private final Duration idle;
    private final StreamedPcm decoder;
    private @Nullable TurnRecognizer recognizer;
    private String model = "";

    CaptionStream(
            SocketPeer peer,
            Tasks tasks,
            TurnRecognition turns,
            CaptionQuery query,
            CaptionEvents events,
            MemoryBudget.Share memory,
            Duration idle) {
        this.peer = peer;
        this.tasks = tasks;
        this.turns = turns;
        this.query = query;
        this.events = events;
        this.memory = memory;
        this.idle = idle;
        this.decoder = query.decoder();
        tasks.add(0, this::open);
    }

    private void open(Cancellation cancellation) {
        model = turns.choose(query.model());
        recognizer = turns.open(query.settings(model), this, memory, cancellation);
        peer.send(events.ready(model, query));
    }

    @Override
    public void binary(byte[] message) {
        if (message.length == 0) { // how Deepgram's older clients end a stream
            tasks.add(0, cancellation -> finish());
        } else {
            tasks.add(message.length, cancellation -> opened().hear(decoder, message));
        }
    }

    private TurnRecognizer opened() {
        TurnRecognizer open = recognizer;
        if (open == null) {
            throw new IllegalStateException("the stream is opened by the first task");
        }
        return open;
    }

    @Override
    public void text(String message) {
        switch (type(message).toLowerCase(Locale.ROOT)) {
            case "finalize" -> tasks.add(0, cancellation -> opened().commit(turn -> {}));
            case "close", "closestream" -> tasks.add(0, cancellation -> finish());
            case "keepalive" -> {}
            default ->
                    throw ApiError.of(
                            400,
                            "Send audio in binary messages; a message of text is"
                                    + " {\"type\": \"finalize\"}, which ends a turn, or"
                                    + " {\"type\": \"close\"}, which ends the stream.");
        }
    }

    private static String type(String message) {
        try {
            JsonNode root = Json.mapper().readTree(message);
            return root.path("type").asString("");
        } catch (JacksonException broken) {
            return "";
        }
    }

    private void finish() {
        TurnRecognizer open = opened();
        open.finish();
        peer.send(events.done(open.positionMs() / MILLIS));
        peer.end(1000, "");
    }

    @Override
    public void started(Turn turn) {
        peer.send(events.started(turn));
    }

    @Override
    public void stopped(Turn turn) {
        peer.send(events.stopped(turn));
    }

    @Override
    public void partial(Turn turn, Partial text) {
        peer.send(events.partial(turn, text));
    }

    @Override
    public void completed(Turn turn, TurnTranscript transcript) {
        peer.send(events.completed(turn, transcript));
    }

    /** The stream goes on: the next turn may be understood. */
    @Override
    public void failed(Turn turn, Throwable why) {
        peer.send(events.failed(ErrorMapper.toApiError(why)));
    }

    @Override
    public Duration patience() {
        return idle;
    }

    @Override
    public void silent() {
        failed(
                ApiError.of(
                        408,
                        "Nothing came for " + idle.toSeconds() + " seconds.",
                        "request_timeout"));
    }

    @Override
    public void failed(ApiError error) {
        peer.send(events.failed(error));
    }

    @Override
    public void close() {
        TurnRecognizer open = recognizer;
        if (open != null) {
            peer.note(model, open.positionMs() / MILLIS);
            open.close();
        }
        decoder.close();
        memory.close();
    }
}
