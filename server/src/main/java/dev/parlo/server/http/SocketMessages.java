package dev.parlo.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one WebSocket together from their frames. Jetty would do so, but without a
 * bound over all sockets: messages that never end hold what came of them. Public for Jetty, which
 * looks its methods up. Used by one thread at a time.
 */
public final class SocketMessages implements Session.Listener.AutoDemanding {
    private static final String ALL_PATHS = "/*";
    private static final String OF_JAVALIN = "/";

    /** OpenAI's clients in browsers offer it beside their key. */
    private static final String REALTIME = "realtime";

    private static final int NEVER_FITS = 413;

    private final Session.Listener receiver;
    private final MemoryBudget budget;
    private @Nullable Session session;
    private MemoryBudget.@Nullable Share share;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean wide;
    private boolean refused;

    private SocketMessages(Session.Listener receiver, MemoryBudget budget) {
        this.receiver = receiver;
        this.budget = budget;
    }

    /** Comes between Jetty and Javalin's sockets. */
    static void install(JettyWebSocketServletFactory factory, MemoryBudget budget) {
        // The longer pattern wins over the one that Javalin sets afterwards.
        factory.addMapping(
                ALL_PATHS,
                (request, response) -> {
                    if (request.getSubProtocols().contains(REALTIME)) {
                        // Javalin would choose the first one, which may hold a key.
                        response.setAcceptedSubProtocol(REALTIME);
                    }
                    return factory.getMapping(OF_JAVALIN).createWebSocket(request, response)
                                    instanceof Session.Listener receiver
                            ? new SocketMessages(receiver, budget)
                            : null;
                });
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        receiver.onWebSocketOpen(opened);
    }

    @Override
    public void onWebSocketPartialText(String part, boolean last) {
        if (!admits(part.length(), text.length(), true, charBytes(part))) {
            return;
        }
        text.append(part);
        if (last) {
            String message = text.toString();
            text.setLength(0);
            text.trimToSize();
            wide = false;
            receiver.onWebSocketText(message);
            done();
        }
    }

    /**
     * One character beyond Latin-1 makes every other take two bytes, those that came before too.
     */
    private long charBytes(String part) {
        if (!wide && !MemoryBudget.isLatin(part)) {
            wide = true;
            return 2L * part.length() + text.length();
        }
        return wide ? 2L * part.length() : part.length();
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer part, boolean last, Callback callback) {
        if (admits(part.remaining(), bytes.size(), false, part.remaining())) {
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
            if (last) {
                byte[] message = bytes.toByteArray();
                bytes.reset();
                receiver.onWebSocketBinary(ByteBuffer.wrap(message), Callback.NOOP);
                done();
            }
        }
        callback.succeed();
    }

    private boolean admits(int more, int already, boolean asText, long memory) {
        Session open = session;
        if (open == null || refused) {
            return false;
        }
        // The session's own limits, which a conversation may change as it goes on.
        long most = asText ? open.getMaxTextMessageSize() : open.getMaxBinaryMessageSize();
        if (most > 0 && already + (long) more > most) {
            refuse(
                    open,
                    StatusCode.MESSAGE_TOO_LARGE,
                    "A message may have at most " + most + " bytes.");
            return false;
        }
        MemoryBudget.Share held = share;
        if (held == null) {
            held = budget.open();
            share = held;
        }
        try {
            held.take(memory);
            return true;
        } catch (ApiError full) {
            if (full.status() == NEVER_FITS) {
                refuse(open, StatusCode.MESSAGE_TOO_LARGE, full.message());
            } else {
                refuse(
                        open,
                        StatusCode.TRY_AGAIN_LATER,
                        "Too much memory is in use. Try again later.");
            }
            return false;
        }
    }

    private void refuse(Session open, int code, String reason) {
        refused = true;
        drop();
        open.close(code, reason, Callback.NOOP);
    }

    private void done() {
        MemoryBudget.Share held = share;
        share = null;
        if (held != null) {
            held.close();
        }
    }

    private void drop() {
        text.setLength(0);
        text.trimToSize();
        wide = false;
        bytes.reset();
        done();
    }

    @Override
    public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
        drop();
        receiver.onWebSocketClose(code, reason, callback);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        receiver.onWebSocketError(cause);
    }
}
