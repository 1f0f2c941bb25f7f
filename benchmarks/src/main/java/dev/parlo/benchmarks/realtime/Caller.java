package dev.parlo.benchmarks.realtime;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** One client of the Realtime protocol, who speaks as fast as people do. */
final class Caller implements WebSocket.Listener, AutoCloseable {
    static final int PIECE = 2 * 512;
    private static final long PIECE_NANOS = 32_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An event and when it came.
     *
     * @param type empty: the connection is closed
     */
    record Heard(String type, JsonNode event, long at) {}

    private final LinkedBlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;

    /**
     * Connects, and says how it listens.
     *
     * @param silenceMs at the end of a turn
     */
    static Caller connect(HttpClient http, URI server, int silenceMs, boolean answered) {
        Caller caller = new Caller();
        URI uri =
                URI.create(
                        server.toString().replaceFirst("^http", "ws")
                                + "/v1/realtime?model=llm&api=ga");
        caller.socket = http.newWebSocketBuilder().buildAsync(uri, caller).join();
        caller.send(
                "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"input\":"
                        + "{\"format\":{\"type\":\"audio/pcm\",\"rate\":16000},\"transcription\":{},"
                        + "\"turn_detection\":{\"type\":\"server_vad\",\"silence_duration_ms\":"
                        + silenceMs
                        + ",\"create_response\":"
                        + answered
                        + "}}}}}");
        return caller;
    }

    void send(String event) {
        WebSocket open = socket;
        if (open != null) {
            open.sendText(event, true).join();
        }
    }

    void append(byte[] pcm, int from, int to) {
        send(
                "{\"type\":\"input_audio_buffer.append\",\"audio\":\""
                        + Base64.getEncoder().encodeToString(Arrays.copyOfRange(pcm, from, to))
                        + "\"}");
    }

    /** When the parts of a recording were sent. */
    record Sent(long voiceStart, long voiceEnd) {}

    /** Says a recording as fast as it was recorded. */
    Sent say(Recording recording) {
        byte[] pcm = recording.pcm();
        long begin = System.nanoTime();
        long start = begin;
        long end = begin;
        for (int at = 0, i = 0; at < pcm.length; at += PIECE, i++) {
            LockSupport.parkNanos(begin + i * PIECE_NANOS - System.nanoTime());
            int to = Math.min(pcm.length, at + PIECE);
            append(pcm, at, to);
            if (at <= recording.voiceStart()) {
                start = System.nanoTime();
            }
            if (at < recording.voiceEnd()) {
                end = System.nanoTime();
            }
        }
        return new Sent(start, end);
    }

    /** The next event of a type; null when it did not come in time, or the connection is closed. */
    @Nullable Heard await(String type, double seconds) throws InterruptedException {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        while (true) {
            Heard next = heard.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null || next.type().isEmpty()) {
                return null;
            }
            if (next.type().equals(type)) {
                return next;
            }
        }
    }

    /** The next event there is, or null. */
    @Nullable Heard poll() {
        return heard.poll();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            JsonNode event = JSON.readTree(text.toString());
            text.setLength(0);
            heard.add(new Heard(event.path("type").asString(), event, System.nanoTime()));
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add(new Heard("", JSON.createObjectNode(), System.nanoTime()));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        heard.add(new Heard("", JSON.createObjectNode(), System.nanoTime()));
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
    }
}
