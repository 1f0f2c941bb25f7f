package dev.parlo.server;

import dev.parlo.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of a WebSocket that keeps everything it receives. */
public final class SocketClient implements WebSocket.Listener {
    private static final int PATIENCE_SECONDS = 60;

    /** A message of one of the kinds, or the end with its code. */
    public record Received(@Nullable String text, byte @Nullable [] bytes, int closeCode) {}

    private final LinkedBlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final Semaphore pongs = new Semaphore(0);
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable WebSocket socket;
    private volatile boolean reading = true;

    void connected(WebSocket open) {
        socket = open;
    }

    public WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    public void send(String message) {
        socket().sendText(message, true).join();
    }

    public void send(byte[] message) {
        socket().sendBinary(ByteBuffer.wrap(message), true).join();
    }

    /** Returns when the server has read everything that was sent before. */
    public void awaitPong() throws InterruptedException {
        socket().sendPing(ByteBuffer.allocate(0)).join();
        if (!pongs.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no pong came");
        }
    }

    /** From the next message on nothing is taken from the connection any more. */
    public void stopReading() {
        reading = false;
    }

    private void more(WebSocket from) {
        if (reading) {
            from.request(1);
        }
    }

    /** Whether a message or the end came that was not asked for yet. */
    public boolean hasReceived() {
        return !received.isEmpty();
    }

    /** The next message or the end. */
    public Received next() throws InterruptedException {
        Received next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came");
        }
        return next;
    }

    /** The next message, which must be JSON. */
    public JsonNode json() throws InterruptedException {
        Received next = next();
        if (next.text() == null) {
            throw new AssertionError("not a text: " + next);
        }
        return Json.mapper().readTree(next.text());
    }

    /** The next message, which must be binary. */
    public byte[] binary() throws InterruptedException {
        byte[] message = next().bytes();
        if (message == null) {
            throw new AssertionError("not binary");
        }
        return message;
    }

    /** Drops messages until the end, and gives its code. */
    public int closeCode() throws InterruptedException {
        Received next = next();
        while (next.closeCode() == 0) {
            next = next();
        }
        return next.closeCode();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            received.add(new Received(text.toString(), null, 0));
            text.setLength(0);
        }
        more(from);
        return java.util.concurrent.CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        bytes.writeBytes(part);
        if (last) {
            received.add(new Received(null, bytes.toByteArray(), 0));
            bytes.reset();
        }
        more(from);
        return java.util.concurrent.CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        pongs.release();
        more(from);
        return java.util.concurrent.CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        received.add(new Received(null, null, code));
        return java.util.concurrent.CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        received.add(new Received(null, null, 1006));
    }
}
