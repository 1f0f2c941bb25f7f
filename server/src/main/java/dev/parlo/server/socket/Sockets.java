package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.InFlight;
import io.javalin.config.RoutesConfig;
import io.javalin.websocket.WsContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** Gives paths to conversations over WebSockets, with the same limits for all. Thread-safe. */
public final class Sockets {
    private static final String ATTRIBUTE = "parlo.conversation";

    private final SocketLimits limits;
    private final InFlight inFlight;

    /**
     * @param inFlight where conversations are counted, so that the server can end them
     */
    public Sockets(SocketLimits limits, InFlight inFlight) {
        this.limits = limits;
        this.inFlight = inFlight;
    }

    public SocketLimits limits() {
        return limits;
    }

    /** Begins a conversation with a client that has just connected. Must not block. */
    @FunctionalInterface
    public interface Opening {
        Conversation open(SocketPeer peer, WsContext client);
    }

    /** Serves a path. */
    public void register(RoutesConfig routes, String path, Opening opening) {
        routes.ws(
                path,
                socket -> {
                    socket.onConnect(client -> connect(client, opening));
                    socket.onMessage(client -> {
                        Talk talk = client.attribute(ATTRIBUTE);
                        if (talk != null) {
                            talk.receive(new Inbox.Message(client.message(), null));
                        }
                    });
                    socket.onBinaryMessage(client -> {
                        Talk talk = client.attribute(ATTRIBUTE);
                        if (talk != null) {
                            talk.receive(new Inbox.Message(null, bytes(client.data())));
                        }
                    });
                    socket.onClose(client -> gone(client, client.status()));
                    socket.onError(client -> gone(client, 1006));
                });
    }

    private void connect(WsContext client, Opening opening) {
        Session session = client.session;
        session.setMaxTextMessageSize(limits.messageBytes());
        session.setMaxBinaryMessageSize(limits.messageBytes());
        // Silence is watched by the conversation, which knows when it is the server that is busy.
        session.setIdleTimeout(Duration.ZERO);
        Cancellation cancellation = new Cancellation();
        SocketPeer peer = new SocketPeer(session, limits.sending(), cancellation);
        Talk talk =
                new Talk(
                        opening.open(peer, client),
                        peer,
                        cancellation,
                        new Inbox(limits.messageBytes()),
                        inFlight,
                        session.getUpgradeRequest().getRequestURI().getPath());
        client.attribute(ATTRIBUTE, talk);
        talk.start();
    }

    private static void gone(WsContext client, int code) {
        @Nullable Talk talk = client.attribute(ATTRIBUTE);
        if (talk != null) {
            talk.gone(code);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
