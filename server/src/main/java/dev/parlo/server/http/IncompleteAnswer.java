package dev.parlo.server.http;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.ee10.servlet.ServletContextResponse;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an answer whose status line is out already and that will not be whole. The last chunk of a
 * chunked body must never follow: by its absence alone clients and caches know that something is
 * missing (RFC 9112, section 8). Events are the exception: a stream of them that has told its error
 * in an event ends in order, because common clients would lose the event with the connection.
 */
public final class IncompleteAnswer {
    /** What the log shows for a client that left; never sent. */
    private static final int CLIENT_GONE = 499;

    private static final Logger LOG = LoggerFactory.getLogger(IncompleteAnswer.class);

    private IncompleteAnswer() {}

    /** Breaks the connection once what was written is on its way; nothing is sent afterwards. */
    public static void abort(Context ctx, Throwable cause) {
        abort(ServletContextRequest.getServletContextRequest(ctx.req()), cause);
    }

    static void abort(HttpServletResponse response, Throwable cause) {
        Request request = ServletContextResponse.getServletContextResponse(response).getRequest();
        abort(Request.as(request, ServletContextRequest.class), cause);
    }

    /** The client left, so no answer can be sent; the log says so. */
    public static void clientGone(Context ctx) {
        RunningRequest.of(ctx).clientGone();
        ctx.status(CLIENT_GONE);
        abort(ctx, new IOException("The client went away."));
    }

    private static void abort(ServletContextRequest request, Throwable cause) {
        ConnectionMetaData connection = request.getConnectionMetaData();
        if (connection.getHttpVersion() == HttpVersion.HTTP_1_0
                && connection.getConnection().getEndPoint().getTransport()
                        instanceof SocketChannel channel) {
            reset(channel);
        }
        StreamedAnswers.breakOff(request, cause);
    }

    /** Without chunks the end of the connection is the end of the body; a reset is not. */
    private static void reset(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("The connection is closed already", e);
        }
    }
}
