package dev.parlo.server.http;

import dev.parlo.engine.EngineException;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a client hung up while its answer is still being computed. Nothing reads an HTTP/1.1
 * connection between a request's body and its answer, so this looks at the socket now and then;
 * open it only after the body was read to its end. A client that only says that it will send no
 * more looks the same as one that has left: it is asked by sending it something that it does not
 * see, which the system of a client that left answers with a reset. Thread-safe.
 */
public final class ClientWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** Between the two halves of a question: enough for a reset to come back on most networks. */
    private static final Duration ANSWER = Duration.ofMillis(20);

    /** Looks between two questions at most; they begin close together. */
    private static final int LOOKS_BETWEEN = 150;

    private static final String ATTRIBUTE = "parlo.client-watch";

    private final Context ctx;
    private final Connection connection;
    private final Runnable onClientGone;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> task;
    private @Nullable Runnable heartbeat;
    private int looksSinceEnd = -1;
    private int nextQuestion;
    private boolean done;

    private ClientWatch(
            Context ctx,
            Connection connection,
            ScheduledExecutorService timer,
            Runnable onClientGone) {
        this.ctx = ctx;
        this.connection = connection;
        this.onClientGone = onClientGone;
        this.timer = timer;
        this.task =
                timer.scheduleWithFixedDelay(
                        this::look,
                        INTERVAL.toMillis(),
                        INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * @param onClientGone told at most once, on a thread of its own: it may take locks that others
     *     hold for a while
     */
    public static ClientWatch open(
            Context ctx, ScheduledExecutorService timer, Runnable onClientGone) {
        Connection connection =
                ServletContextRequest.getServletContextRequest(ctx.req())
                        .getConnectionMetaData()
                        .getConnection();
        ClientWatch watch = new ClientWatch(ctx, connection, timer, onClientGone);
        ctx.attribute(ATTRIBUTE, watch);
        return watch;
    }

    /**
     * Does a model's work for a client that is watched meanwhile. One that left has no answer, and
     * the log says so.
     *
     * @param model asked for
     * @param start when the request began, of {@link System#nanoTime}
     */
    public static void during(
            Context ctx, ScheduledExecutorService timer, String model, long start, Runnable work) {
        RunningRequest running = RunningRequest.of(ctx);
        try (ClientWatch watch = open(ctx, timer, running::clientGone)) {
            work.run();
        } catch (EngineException e) {
            if (e.category() != EngineException.Category.CANCELLED || !running.clientIsGone()) {
                throw e;
            }
            running.note(model, 0, start);
            IncompleteAnswer.clientGone(ctx);
        }
    }

    /** Has this answer's client asked by what a stream can send at any time. */
    static void askBy(Context ctx, Runnable heartbeat) {
        ClientWatch watch = ctx.attribute(ATTRIBUTE);
        if (watch != null) {
            synchronized (watch) {
                watch.heartbeat = heartbeat;
            }
        }
    }

    private synchronized void look() {
        if (done) {
            return;
        }
        if (looksSinceEnd >= 0) {
            askNowAndThen();
            return;
        }
        // Jetty itself reads this connection again only when the answer is complete, so no other
        // thread fills from it now. A fill does not block: 0 is a client that waits, -1 the end of
        // what it sends, and bytes are the beginning of its next request.
        EndPoint endPoint = connection.getEndPoint();
        ByteBuffer ahead = ByteBuffer.allocate(1024);
        ahead.flip(); // Jetty fills a buffer from its limit on
        int filled;
        try {
            filled = endPoint.fill(ahead);
        } catch (IOException e) {
            filled = -1;
        }
        if (!endPoint.isOpen()) {
            gone();
        } else if (filled < 0) {
            looksSinceEnd = 0;
            askNowAndThen();
        } else if (ahead.hasRemaining()) {
            // The next request came early: give its bytes back, and look no further.
            finish();
            if (connection instanceof Connection.UpgradeTo next) {
                next.onUpgradeTo(ahead);
            }
        }
    }

    private void askNowAndThen() {
        if (looksSinceEnd == nextQuestion) {
            // Twice each time: the first one is answered with a reset, of which the next write
            // tells.
            ask();
            timer.schedule(this::askAgain, ANSWER.toMillis(), TimeUnit.MILLISECONDS);
            nextQuestion = Math.min(Math.max(4, 4 * nextQuestion), nextQuestion + LOOKS_BETWEEN);
        }
        looksSinceEnd++;
    }

    private synchronized void askAgain() {
        if (!done) {
            ask();
        }
    }

    private void ask() {
        Runnable event = heartbeat;
        if (event != null) {
            Thread.startVirtualThread(event); // a client that reads slowly must not stop the timer
        } else if (!ctx.res().isCommitted()
                && connection.getEndPoint().getTransport() instanceof SocketChannel channel) {
            // An urgent byte is not among the bytes that a client reads. An interim answer (102)
            // would be HTTP's own way, but Python's http.client, for one, takes it for the answer.
            // Within a body the next write is what tells.
            try {
                channel.socket().sendUrgentData(0);
            } catch (IOException reset) {
                gone();
            }
        }
    }

    private synchronized void gone() {
        if (!done) {
            finish();
            Thread.startVirtualThread(onClientGone); // all requests are looked at by the timer
        }
    }

    private void finish() {
        done = true;
        task.cancel(false);
    }

    @Override
    public synchronized void close() {
        finish();
    }
}
