package dev.parlo.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/**
 * Notices that a client hung up while its answer is still being computed. Nothing reads an HTTP/1.1
 * connection between a request's body and its answer, so this looks at the socket now and then;
 * open it only after the body was read to its end. Thread-safe.
 */
public final class ClientWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final Connection connection;
    private final Runnable onClientGone;
    private final ScheduledFuture<?> task;
    private boolean done;

    private ClientWatch(
            Connection connection, ScheduledExecutorService timer, Runnable onClientGone) {
        this.connection = connection;
        this.onClientGone = onClientGone;
        this.task =
                timer.scheduleWithFixedDelay(
                        this::look,
                        INTERVAL.toMillis(),
                        INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * @param onClientGone told at most once, on the timer's thread
     */
    public static ClientWatch open(
            Context ctx, ScheduledExecutorService timer, Runnable onClientGone) {
        Connection connection =
                ServletContextRequest.getServletContextRequest(ctx.req())
                        .getConnectionMetaData()
                        .getConnection();
        return new ClientWatch(connection, timer, onClientGone);
    }

    private synchronized void look() {
        if (done) {
            return;
        }
        EndPoint endPoint = connection.getEndPoint();
        ByteBuffer ahead = ByteBuffer.allocate(1024);
        ahead.flip(); // Jetty fills a buffer from its limit on
        int filled;
        try {
            filled = endPoint.fill(ahead);
        } catch (IOException e) {
            filled = -1;
        }
        if (filled < 0) {
            finish();
            onClientGone.run();
        } else if (ahead.hasRemaining()) {
            // The next request came early: give its bytes back, and look no further.
            finish();
            if (connection instanceof Connection.UpgradeTo next) {
                next.onUpgradeTo(ahead);
            }
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
