package dev.parlo.server.elevenlabs;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.socket.Conversation;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.socket.Tasks;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpeechStream;
import dev.parlo.server.speech.SsmlBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * ElevenLabs' {@code stream-input}: text comes in pieces, audio goes out as soon as there is enough
 * text, with the times of its characters. {@code close_socket} and {@code close_context}, which are
 * ElevenLabs' words for many contexts on one socket, end the speech at once.
 */
final class StreamInput implements Conversation {
    /** Below what common clients take for one message, base64 included. */
    private static final int MOST_AUDIO_BYTES = 192 << 10;

    /** How long a client may take that has not shown its key yet. */
    private static final Duration STRANGERS_PATIENCE = Duration.ofSeconds(10);

    /** The most characters that a client can have us wait for. */
    private static final long LONGEST_WAIT = 4096;

    /**
     * EchoKit wants no {@code error} and no {@code message} in these, and drops audio without
     * {@code alignment}.
     */
    private record Audio(
            String audio,
            @JsonProperty("isFinal") @Nullable Boolean last,
            Alignment.Milliseconds alignment,
            @JsonProperty("normalizedAlignment") Alignment.Milliseconds normalizedAlignment) {}

    private record Final(@Nullable String audio, @JsonProperty("isFinal") boolean last) {}

    private record Failure(String message, String error, int code) {}

    private final SocketPeer peer;
    private final Tasks tasks;
    private final SpeechPipeline pipeline;
    private final ApiKeyCheck keys;
    private final StreamInputQuery query;
    private final TextBuffer buffer = new TextBuffer();

    /** In place of the other one where the text is SSML. */
    private final SsmlBuffer marked = new SsmlBuffer();

    private SpeechOrder order;
    private volatile boolean admitted;
    private @Nullable SpeechStream speech;

    /**
     * @param admitted whether the key came with the connection; else the first message has it
     */
    StreamInput(
            SocketPeer peer,
            Tasks tasks,
            SpeechPipeline pipeline,
            ApiKeyCheck keys,
            boolean admitted,
            StreamInputQuery query) {
        this.peer = peer;
        this.tasks = tasks;
        this.pipeline = pipeline;
        this.keys = keys;
        this.admitted = admitted;
        this.query = query;
        this.order = query.order();
        if (!admitted) {
            peer.awaitKey();
        }
    }

    @Override
    public void text(String message) {
        JsonNode root = object(message);
        admit(root);
        if (root.path("close_socket").asBoolean(false)
                || root.path("close_context").asBoolean(false)) {
            tasks.cancel();
            tasks.add(0, cancellation -> finished());
        } else {
            tasks.add(Json.bytes(message), cancellation -> take(root, cancellation));
        }
    }

    private void take(JsonNode root, Cancellation cancellation) {
        configure(root);
        JsonNode text = root.path("text");
        if (!text.isMissingNode() && !text.isNull() && !text.isString()) {
            throw ApiError.of(400, "'text' must be a string.");
        }
        String piece = text.isString() ? text.asString() : "";
        boolean over = text.isString() && piece.isEmpty();
        Fields fields = Fields.of(root);
        boolean flush = over || fields.bool("flush", false);
        if (query.order().ssml()) {
            marked.add(piece);
            documents(flush).forEach(document -> say(document, cancellation));
        } else {
            buffer.add(piece);
            say(due(flush, fields.bool("try_trigger_generation", false)), cancellation);
        }
        if (over) {
            finish(cancellation);
        }
    }

    private List<String> documents(boolean flush) {
        if (flush) {
            return marked.all();
        }
        return query.autoMode() ? marked.whole() : marked.ready();
    }

    private String due(boolean flush, boolean soon) {
        if (flush || query.autoMode()) {
            return buffer.all();
        }
        return soon ? buffer.soon() : buffer.scheduled();
    }

    @Override
    public void binary(byte[] message) {
        throw ApiError.of(400, "Binary messages are not understood here; send JSON as text.");
    }

    private static JsonNode object(String message) {
        try {
            JsonNode root = Json.mapper().readTree(message);
            if (root.isObject()) {
                return root;
            }
        } catch (JacksonException broken) {
            throw ApiError.of(400, "The message is not valid JSON.").withCause(broken);
        }
        throw ApiError.of(400, "The message must be a JSON object.");
    }

    private void admit(JsonNode root) {
        if (!admitted) {
            String key = root.path("xi-api-key").asString("");
            String other = root.path("authorization").asString("");
            keys.require(!key.isBlank() ? key : other.isBlank() ? null : ApiKeyCheck.bare(other));
            admitted = true;
            peer.admit();
        }
    }

    /** Voice settings hold as long as nothing was said yet, the schedule from now on. */
    private void configure(JsonNode root) {
        Fields fields = Fields.of(root);
        Fields settings = fields.within("voice_settings");
        if (settings.given("speed") && speech == null) {
            order = order.withSpeed(settings.number("speed", 1, 0));
        }
        fields.check();
        for (String name : new String[] {"generation_config", "generator_config"}) {
            JsonNode lengths = root.path(name).path("chunk_length_schedule");
            if (lengths.isArray() && !lengths.isEmpty()) {
                List<Integer> schedule = new ArrayList<>();
                for (JsonNode length : lengths) {
                    if (!length.isIntegralNumber() || length.asLong(0) < 1) {
                        throw ApiError.of(
                                400, "'chunk_length_schedule' must be a list of lengths above 0.");
                    }
                    schedule.add((int) Math.min(length.asLong(), LONGEST_WAIT));
                }
                buffer.schedule(schedule);
            }
        }
    }

    private void say(String text, Cancellation cancellation) {
        Script script = pipeline.script(order, text);
        if (!script.sounds()) {
            return;
        }
        SpeechStream open = speech;
        if (open == null) {
            open = pipeline.open(order, cancellation);
            speech = open;
        }
        CharacterTimes times = new CharacterTimes(script.source());
        SaidTimes said = new SaidTimes();
        open.speak(
                script,
                piece ->
                        send(
                                piece.audio(),
                                Alignment.Milliseconds.of(
                                        times.take(piece.words(), piece.end()), piece.start()),
                                Alignment.Milliseconds.of(said.take(piece.said()), piece.start()),
                                cancellation));
    }

    private void send(
            byte[] audio,
            Alignment.Milliseconds alignment,
            Alignment.Milliseconds normalized,
            Cancellation cancellation) {
        for (int from = 0; from < audio.length; from += MOST_AUDIO_BYTES) {
            int to = Math.min(audio.length, from + MOST_AUDIO_BYTES);
            String base64 = Base64.getEncoder().encodeToString(Arrays.copyOfRange(audio, from, to));
            Alignment.Milliseconds none = Alignment.Milliseconds.NONE;
            peer.stream(
                    new Audio(
                            base64,
                            null,
                            from == 0 ? alignment : none,
                            from == 0 ? normalized : none),
                    cancellation);
        }
    }

    private void finish(Cancellation cancellation) {
        if (speech != null) {
            send(
                    speech.finish(),
                    Alignment.Milliseconds.NONE,
                    Alignment.Milliseconds.NONE,
                    cancellation);
        }
        finished();
    }

    private void finished() {
        peer.send(new Final(null, true));
        peer.end(1000, "");
    }

    @Override
    public Duration patience() {
        Duration asked = query.inactivity();
        return admitted || asked.compareTo(STRANGERS_PATIENCE) < 0 ? asked : STRANGERS_PATIENCE;
    }

    @Override
    public void silent() {
        peer.send(
                new Failure(
                        String.format(
                                Locale.ROOT,
                                "Nothing came for %d seconds.",
                                query.inactivity().toSeconds()),
                        "input_timeout_exceeded",
                        1008));
        peer.end(1008, "input_timeout_exceeded");
    }

    @Override
    public void failed(ApiError error) {
        Object name = error.error().get("code");
        int code = error.status() < 500 ? 1008 : 1011;
        peer.send(
                new Failure(
                        error.message(), name == null ? "invalid_request" : name.toString(), code));
        peer.end(code, error.message());
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
