package dev.parlo.server.fish;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.socket.Conversation;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.socket.Tasks;
import dev.parlo.server.speech.SentenceBuffer;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpeechStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fish Audio's live speech: {@code start}, texts, {@code flush} and {@code stop} come in, one
 * stream of audio goes out.
 */
final class LiveSpeech implements Conversation {
    private final SocketPeer peer;
    private final Tasks tasks;
    private final SpeechPipeline pipeline;
    private final @Nullable String model;
    private final Duration idle;
    private final SentenceBuffer buffer = new SentenceBuffer();
    private @Nullable FishRequest request;
    private @Nullable SpeechStream speech;

    LiveSpeech(
            SocketPeer peer,
            Tasks tasks,
            SpeechPipeline pipeline,
            @Nullable String model,
            Duration idle) {
        this.peer = peer;
        this.tasks = tasks;
        this.pipeline = pipeline;
        this.model = model;
        this.idle = idle;
    }

    @Override
    public void text(String message) {
        throw ApiError.of(400, "Messages must be binary and hold a MessagePack map.");
    }

    @Override
    public void binary(byte[] message) {
        JsonNode event = MessagePackReader.map(message);
        tasks.add(message.length + Json.bytes(event), cancellation -> take(event, cancellation));
    }

    private void take(JsonNode event, Cancellation cancellation) {
        switch (event.path("event").asString("")) {
            case "start" -> start(event.path("request"), cancellation);
            case "text" -> {
                requireStarted();
                buffer.add(event.path("text").asString(""));
                say(buffer.sentences(), cancellation);
            }
            case "flush" -> {
                requireStarted();
                say(buffer.all(), cancellation);
            }
            case "stop" -> {
                say(buffer.all(), cancellation);
                if (speech != null) {
                    audio(speech.finish(), cancellation);
                }
                finish("stop", null);
                peer.end(1000, "");
            }
            default -> {} // events that came later than this was written
        }
    }

    private void start(JsonNode given, Cancellation cancellation) {
        if (request != null) {
            throw ApiError.of(400, "There was a 'start' already.");
        }
        ObjectNode fields =
                given instanceof ObjectNode object
                        ? object.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        if (!fields.path("text").isString()) {
            fields.put("text", "");
        }
        FishRequest read = FishRequest.read(fields, model);
        request = read;
        buffer.add(read.text());
        say(buffer.sentences(), cancellation);
    }

    private FishRequest requireStarted() {
        FishRequest started = request;
        if (started == null) {
            throw ApiError.of(400, "The first event must be 'start'.");
        }
        return started;
    }

    private void say(String text, Cancellation cancellation) {
        FishRequest started = request;
        if (started == null) {
            return;
        }
        Script script = pipeline.script(started.order(), text);
        if (!script.sounds()) {
            return;
        }
        SpeechStream open = speech;
        if (open == null) {
            open = pipeline.open(started.order(), cancellation);
            speech = open;
        }
        open.speak(script, piece -> audio(piece.audio(), cancellation));
    }

    private void audio(byte[] bytes, Cancellation cancellation) {
        if (bytes.length == 0) {
            return;
        }
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(2);
            out.packString("event").packString("audio");
            out.packString("audio").packBinaryHeader(bytes.length).writePayload(bytes);
            peer.stream(out.toByteArray(), cancellation);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * @param message for the client's user, or null
     */
    private void finish(String reason, @Nullable String message) {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            out.packMapHeader(message == null ? 2 : 3);
            out.packString("event").packString("finish");
            out.packString("reason").packString(reason);
            if (message != null) {
                out.packString("message").packString(message);
            }
            peer.send(out.toByteArray());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public Duration patience() {
        return idle;
    }

    @Override
    public void silent() {
        finish("error", null);
    }

    @Override
    public void failed(ApiError error) {
        finish("error", error.message());
    }

    @Override
    public void close() {
        SpeechStream open = speech;
        if (open != null) {
            peer.note(open.modelId(), open.seconds());
            open.close();
        }
    }
}
