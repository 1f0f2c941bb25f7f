package dev.parlo.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * An HTTP/1.1 connection whose heads have to come in time, and that is refused where there are too
 * many. Jetty has a limit for silence only: a byte now and then holds a connection for ever.
 */
final class GuardedConnection extends HttpConnection {
    /** How long a refused connection stays, so that the client can read why. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final long AGAIN_MILLIS = 100;

    private final Duration headTime;
    private final int mostConnections;
    private final int mostRefused;

    /** When the first byte of a head came that is not complete yet; 0 for none. */
    private long headStart;

    private GuardedConnection(
            HttpConfiguration configuration,
            Connector connector,
            EndPoint endPoint,
            Duration headTime,
            int mostConnections,
            int mostRefused) {
        super(configuration, connector, endPoint);
        this.headTime = headTime;
        this.mostConnections = mostConnections;
        this.mostRefused = mostRefused;
    }

    /** Makes such connections. */
    static final class Factory extends HttpConnectionFactory {
        private final Duration headTime;
        private final int mostConnections;
        private final int mostRefused;

        /**
         * @param mostRefused refused connections that may linger, so that their clients can read
         *     why; any more are closed without a word
         */
        Factory(
                HttpConfiguration configuration,
                Duration headTime,
                int mostConnections,
                int mostRefused) {
            super(configuration);
            this.headTime = headTime;
            this.mostConnections = mostConnections;
            this.mostRefused = mostRefused;
        }

        @Override
        public org.eclipse.jetty.io.Connection newConnection(
                Connector connector, EndPoint endPoint) {
            return configure(
                    new GuardedConnection(
                            getHttpConfiguration(),
                            connector,
                            endPoint,
                            headTime,
                            mostConnections,
                            mostRefused),
                    connector,
                    endPoint);
        }
    }

    @Override
    public void onOpen() {
        int others = ((AbstractConnector) getConnector()).getConnectedEndPoints().size() - 1;
        if (others < mostConnections) {
            super.onOpen();
        } else if (others < mostConnections + mostRefused) {
            refuse(
                    ApiError.of(
                                    503,
                                    "Too many connections are open; the limit is MAX_CONNECTIONS."
                                            + " Try again shortly.",
                                    "too_many_connections")
                            .withHeader("Retry-After", ApiError.SHORTLY));
        } else {
            getEndPoint().close();
        }
    }

    @Override
    public void onFillable() {
        long messages = getMessagesIn();
        long bytes = getBytesIn();
        super.onFillable();
        // It returns with a part of a head only when it waits for the rest; another thread may have
        // got it already, which at worst makes the timer look once more than needed.
        watchHead(messages != getMessagesIn(), bytes != getBytesIn());
    }

    private synchronized void watchHead(boolean completed, boolean cameMore) {
        HttpParser parser = getParser();
        // Blank lines before a request leave the parser at its start.
        boolean begun = parser.inHeaderState() && (!parser.isStart() || cameMore && !completed);
        if (completed || !parser.inHeaderState()) {
            headStart = 0;
        }
        if (begun && headStart == 0) {
            headStart = System.nanoTime();
            watchLater(headStart, headTime.toMillis());
        }
    }

    private void watchLater(long start, long millis) {
        getConnector().getScheduler().schedule(() -> expire(start), millis, TimeUnit.MILLISECONDS);
    }

    private void expire(long start) {
        synchronized (this) {
            if (headStart != start || !getEndPoint().isOpen()) {
                return;
            }
        }
        // Fails where a thread is reading at this moment: look again soon.
        if (!(getEndPoint() instanceof AbstractEndPoint waiting)
                || !waiting.getFillInterest()
                        .onFail(new TimeoutException("The head of a request did not come."))) {
            watchLater(start, AGAIN_MILLIS);
        }
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
        boolean headCut;
        synchronized (this) {
            headCut = headStart != 0;
        }
        if (headCut && cause instanceof TimeoutException && getEndPoint().isOpen()) {
            refuse(
                    ApiError.of(
                            408,
                            "The head of the request did not come within HEAD_TIMEOUT ("
                                    + headTime.toSeconds()
                                    + " s).",
                            "request_timeout"));
        } else {
            super.onFillInterestedFailed(cause);
        }
    }

    /** Answers without a request, says that nothing more will come, and closes a little later. */
    private void refuse(ApiError error) {
        EndPoint endPoint = getEndPoint();
        endPoint.write(
                Callback.from(
                        () -> {
                            endPoint.shutdownOutput();
                            getConnector()
                                    .getScheduler()
                                    .schedule(
                                            () -> endPoint.close(),
                                            LINGER.toMillis(),
                                            TimeUnit.MILLISECONDS);
                        },
                        failure -> endPoint.close()),
                answer(error));
    }

    private static ByteBuffer answer(ApiError error) {
        byte[] body = Json.mapper().writeValueAsBytes(error.body());
        StringBuilder head =
                new StringBuilder("HTTP/1.1 ")
                        .append(error.status())
                        .append(' ')
                        .append(HttpStatus.getMessage(error.status()))
                        .append("\r\nContent-Type: application/json\r\nConnection: close\r\n")
                        .append("Content-Length: ")
                        .append(body.length)
                        .append("\r\n");
        for (Map.Entry<String, String> header : error.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(start.length + body.length).put(start).put(body).flip();
    }
}
