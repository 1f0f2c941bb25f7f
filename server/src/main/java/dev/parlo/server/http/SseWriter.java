package dev.parlo.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events on a POST: one {@code data:} line each, flushed at once, and a comment line
 * whenever nothing was sent for a while, so that proxies keep the connection and a client that left
 * is noticed. The status line goes out with the first byte: until then an error is an ordinary
 * answer. Thread-safe.
 */
public final class SseWriter implements AutoCloseable {
    /** Between two bytes of a stream: below the idle time of common proxies. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);

    private final Context ctx;
    private final Runnable onClientGone;
    private final ScheduledFuture<?> heartbeat;
    private @Nullable OutputStream out;
    private long lastWriteNanos = System.nanoTime();
    private boolean closed;
    private boolean gone;

    /**
     * @param onClientGone told once, by the thread whose write failed
     */
    public SseWriter(
            Context ctx, ScheduledExecutorService timer, Duration interval, Runnable onClientGone) {
        this.ctx = ctx;
        this.onClientGone = onClientGone;
        long nanos = interval.toNanos();
        // Looks twice per interval, so that the pause between bytes is at most one and a half; on a
        // thread of its own, because a slow client would otherwise hold up everyone's heartbeat.
        this.heartbeat =
                timer.scheduleWithFixedDelay(
                        () -> Thread.startVirtualThread(() -> beat(nanos)),
                        nanos / 2,
                        nanos / 2,
                        TimeUnit.NANOSECONDS);
    }

    /**
     * Answers a request with events. What fails after the first one is told as the last one, since
     * the status is out as 200; before it, and where the client is gone, it is thrown.
     *
     * @param interval between two bytes at most, usually {@link #HEARTBEAT}
     * @param work sends the events
     * @param last makes the event that tells a failure
     */
    public static void answer(
            Context ctx,
            ScheduledExecutorService timer,
            Duration interval,
            Consumer<SseWriter> work,
            Function<ApiError, Object> last) {
        RunningRequest running = RunningRequest.of(ctx);
        try (SseWriter events = new SseWriter(ctx, timer, interval, running::clientGone)) {
            try {
                work.accept(events);
            } catch (RuntimeException | Error failure) {
                if (!events.started() || running.clientIsGone()) {
                    throw failure;
                }
                ApiError error = running.failure(failure);
                events.send(last.apply(error));
                running.note("error", error.status());
            }
        }
    }

    /** The last event of a stream that fails, as OpenAI writes it. */
    public static Object failure(ApiError error) {
        return Map.of("error", error.error());
    }

    /** Sends one event; does nothing once the client is gone. */
    public void send(Object event) {
        write(("data: " + Json.text(event) + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the word with which OpenAI's chat streams end. */
    public void sendDone() {
        write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the status line is out. */
    public synchronized boolean started() {
        return out != null;
    }

    private synchronized void beat(long intervalNanos) {
        if (!closed && System.nanoTime() - lastWriteNanos >= intervalNanos / 2) {
            write(COMMENT);
        }
    }

    private synchronized void write(byte[] bytes) {
        if (gone || closed) {
            return;
        }
        try {
            if (out == null) {
                out = start();
                ClientWatch.askBy(ctx, () -> beat(0));
            }
            out.write(bytes);
            out.flush();
            lastWriteNanos = System.nanoTime();
        } catch (IOException | UncheckedIOException e) {
            gone = true;
            onClientGone.run();
        }
    }

    private OutputStream start() throws IOException {
        ctx.status(200);
        ctx.header("Cache-Control", "no-cache");
        ctx.header("X-Accel-Buffering", "no");
        ContentType.set(ctx, "text/event-stream; charset=utf-8");
        // Not ctx.outputStream(): it may compress, which holds events back.
        return ctx.res().getOutputStream();
    }

    @Override
    public void close() {
        heartbeat.cancel(false);
        synchronized (this) {
            closed = true;
        }
    }
}
