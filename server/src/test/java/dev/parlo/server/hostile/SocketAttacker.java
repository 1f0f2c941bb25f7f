package dev.parlo.server.hostile;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A WebSocket that reads and forgets. Used by one thread. */
final class SocketAttacker implements WebSocket.Listener, AutoCloseable {
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private @Nullable WebSocket socket;

    private SocketAttacker() {}

    static SocketAttacker open(Target target, String path) throws Exception {
        SocketAttacker attacker = new SocketAttacker();
        URI http = target.uri(path);
        attacker.socket =
                target.client()
                        .newWebSocketBuilder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .buildAsync(URI.create("ws" + http.toString().substring(4)), attacker)
                        .get(15, TimeUnit.SECONDS);
        return attacker;
    }

    WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    /** How the server ended it, or that it did not within the time. */
    String awaitEnd(int seconds) throws InterruptedException, ExecutionException {
        try {
            return end.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException still) {
            return "open";
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        if (data.toString().contains("task-finished") || data.toString().contains("task-failed")) {
            end.complete("finished");
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        end.complete("closed " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
        end.complete("broken");
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
    }
}
