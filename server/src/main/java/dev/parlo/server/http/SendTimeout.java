package dev.parlo.server.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives up clients that read nothing of their answer: a write that makes no progress for the whole
 * time fails, as when the client has left. Without it a reader that takes nothing would keep its
 * request, and all that belongs to it, for ever.
 *
 * <p>Jetty fails a write that is silent for the connection's idle time, so that time is set before
 * a write and set back when the request is over. While nothing is being written it has no effect: a
 * request may compute for as long as it likes.
 */
final class SendTimeout extends Handler.Wrapper {
    private final Duration sendTime;
    private final Duration idleTime;

    /**
     * @param idleTime of connections that no request uses
     */
    SendTimeout(Duration sendTime, Duration idleTime) {
        this.sendTime = sendTime;
        this.idleTime = idleTime;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        Request.addCompletionListener(
                request, failure -> endPoint.setIdleTimeout(idleTime.toMillis()));
        return super.handle(request, new Timed(request, response, endPoint), callback);
    }

    private final class Timed extends Response.Wrapper {
        private final EndPoint endPoint;

        Timed(Request request, Response response, EndPoint endPoint) {
            super(request, response);
            this.endPoint = endPoint;
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            endPoint.setIdleTimeout(sendTime.toMillis());
            super.write(last, content, callback);
        }
    }
}
