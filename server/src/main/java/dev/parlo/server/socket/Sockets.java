package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.trace.RequestId;
import dev.parlo.server.trace.Traces;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.websocket.WsContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.api.UpgradeRequest;
import org.jspecify.annotations.Nullable;

/** Gives paths to conversations over WebSockets, with the same limits for all. Thread-safe. */
public final class Sockets {
    private static final String TOO_MANY =
            "As many sockets of this client are open as WS_MAX_PER_CLIENT allows.";

    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String VERSION = "13";

    private static final String ADDRESS = "parlo.client-address";
    private static final String ATTRIBUTE = "parlo.conversation";

    private final SocketLimits limits;
    private final MemoryBudget budget;
    private final InFlight inFlight;
    private final ClientCount clients;

    /**
     * @param budget for messages that wait
     * @param inFlight where conversations are counted, so that the server can end them
     */
    public Sockets(SocketLimits limits, MemoryBudget budget, InFlight inFlight) {
        this.limits = limits;
        this.budget = budget;
        this.inFlight = inFlight;
        this.clients = new ClientCount(limits.perClient());
    }

    public SocketLimits limits() {
        return limits;
    }

    /** Begins a conversation with a client that has just connected. Must not block. */
    @FunctionalInterface
    public interface Opening {
        Conversation open(SocketPeer peer, Tasks tasks, WsContext client);
    }

    /** Serves a path. */
    public void register(RoutesConfig routes, String path, Opening opening) {
        routes.wsBeforeUpgrade(path, Sockets::refuseOtherVersions);
        routes.wsBeforeUpgrade(path, this::refuseTooMany);
        routes.ws(
                path,
                socket -> {
                    socket.onConnect(client -> connect(client, opening));
                    socket.onMessage(client -> {
                        RunningConversation open = client.attribute(ATTRIBUTE);
                        if (open != null) {
                            open.text(client.message());
                        }
                    });
                    socket.onBinaryMessage(client -> {
                        RunningConversation open = client.attribute(ATTRIBUTE);
                        if (open != null) {
                            open.binary(bytes(client.data()));
                        }
                    });
                    socket.onClose(client -> {
                        @Nullable String address = client.attribute(ADDRESS);
                        if (address != null) {
                            clients.leave(address);
                        }
                        gone(client, client.status());
                    });
                    socket.onError(client -> gone(client, 1006));
                });
    }

    private static void refuseOtherVersions(Context ctx) {
        if (!VERSION.equals(ctx.header(VERSION_HEADER))) {
            throw ApiError.of(426, "The WebSocket's version must be " + VERSION + " (RFC 6455).")
                    .withHeader(VERSION_HEADER, VERSION);
        }
    }

    private void refuseTooMany(Context ctx) {
        if (clients.isFull(
                ClientCount.of(
                        new InetSocketAddress(
                                ctx.req().getRemoteAddr(), ctx.req().getRemotePort())))) {
            throw ApiError.of(429, TOO_MANY, "too_many_sockets").withHeader("Retry-After", "5");
        }
    }

    private void connect(WsContext client, Opening opening) {
        Session session = client.session;
        String address = ClientCount.of(session.getRemoteSocketAddress());
        if (!clients.enter(address)) {
            // Many came at once, and all of them were asked before the first one counted.
            session.close(StatusCode.TRY_AGAIN_LATER, TOO_MANY, Callback.NOOP);
            return;
        }
        client.attribute(ADDRESS, address);
        // Silence is watched by the conversation, which knows when it is the server that is busy.
        session.setIdleTimeout(Duration.ZERO);
        Cancellation cancellation = new Cancellation();
        SocketPeer peer = new SocketPeer(session, limits, cancellation);
        peer.admit();
        Tasks tasks =
                new Tasks(
                        limits.messageBytes(),
                        budget.open(),
                        cancellation,
                        peer.outbox()::dropEnded);
        String path = session.getUpgradeRequest().getRequestURI().getPath();
        UpgradeRequest upgrade = session.getUpgradeRequest();
        Traces.Span span = inFlight.traces().server("GET", path, upgrade::getHeader);
        span.rename("session " + client.endpoint().path);
        RunningConversation running;
        try (Traces.Scope trace = span.enter()) { // its threads may begin with it
            running =
                    new RunningConversation(
                            opening.open(peer, tasks, client),
                            peer,
                            cancellation,
                            tasks,
                            inFlight,
                            path,
                            span,
                            RequestId.of(upgrade.getHeader(RequestId.HEADER)));
        }
        client.attribute(ATTRIBUTE, running);
        running.start();
    }

    private void gone(WsContext client, int code) {
        @Nullable RunningConversation open = client.attribute(ATTRIBUTE);
        if (open != null) {
            open.gone(code);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
