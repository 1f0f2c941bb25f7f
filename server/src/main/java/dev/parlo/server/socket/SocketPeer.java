package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end. Sending waits while much is on its way already, so that a client
 * that reads slowly slows down the work for it; one that stops reading is cut off. Thread-safe;
 * {@link #note} is for the thread of the conversation's tasks.
 */
public final class SocketPeer {
    /** What RFC 6455 leaves of a control frame for a reason. */
    private static final int LONGEST_REASON = 123;

    private static final int GOING_AWAY = 1001;

    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** What a stranger may send before its key is known: a first message that holds one. */
    private static final int STRANGERS_BYTES = 16 << 10;

    private final Session session;
    private final SocketLimits limits;
    private final Cancellation cancellation;
    private final Outbox outbox;
    private String model = "";
    private double audioSeconds;
    private volatile int endCode;
    private volatile boolean gone;
    private volatile boolean serverStops;

    /**
     * @param cancellation raised when the client is gone
     */
    SocketPeer(Session session, SocketLimits limits, Cancellation cancellation) {
        this.session = session;
        this.limits = limits;
        this.cancellation = cancellation;
        this.outbox = new Outbox(session, this::clientGone);
    }

    /** Takes short messages only, until {@link #admit}. */
    public void awaitKey() {
        session.setMaxTextMessageSize(STRANGERS_BYTES);
        session.setMaxBinaryMessageSize(STRANGERS_BYTES);
    }

    /** Takes messages as long as they may be. */
    public void admit() {
        session.setMaxTextMessageSize(limits.messageBytes());
        session.setMaxBinaryMessageSize(limits.messageBytes());
    }

    /**
     * Sends an object as JSON.
     *
     * @throws EngineException CANCELLED when the client is gone
     */
    public void send(Object message) {
        put(new Outbox.Message(Json.text(message), null, null));
    }

    /**
     * @throws EngineException CANCELLED when the client is gone
     */
    public void send(byte[] message) {
        put(new Outbox.Message(null, message, null));
    }

    /**
     * Sends a part of a speech as JSON. It is dropped when the speech is ended before it left.
     *
     * @throws EngineException CANCELLED when the speech was ended, or the client is gone
     */
    public void stream(Object message, Cancellation speech) {
        put(new Outbox.Message(Json.text(message), null, speech));
    }

    /** As {@link #stream(Object, Cancellation)}, as it is. */
    public void stream(byte[] message, Cancellation speech) {
        put(new Outbox.Message(null, message, speech));
    }

    /** Takes back what {@link #stream} took of speeches that were ended, and has not left yet. */
    public void dropEnded() {
        outbox.dropEnded();
    }

    /**
     * Ends the conversation when all is sent; messages of the client that still wait are dropped.
     * Harmless when repeated.
     */
    public void end(int code, String reason) {
        if (ended()) {
            return;
        }
        // Whatever failed, a client that may connect again is told that the server goes away.
        int told = serverStops ? GOING_AWAY : code;
        endCode = told;
        outbox.end(() -> {
            // for a client that does not answer
            session.setIdleTimeout(CLOSING);
            session.close(told, fitting(reason), Callback.NOOP);
        });
    }

    private static String fitting(String reason) {
        return reason.getBytes(StandardCharsets.UTF_8).length <= LONGEST_REASON
                ? reason
                : reason.substring(0, Math.min(reason.length(), LONGEST_REASON / 4));
    }

    /** For the line of the log. */
    public void note(String modelId, double seconds) {
        model = modelId;
        audioSeconds += seconds;
    }

    Outbox outbox() {
        return outbox;
    }

    boolean clientIsGone() {
        return gone;
    }

    boolean ended() {
        return endCode != 0;
    }

    /** The code that this side closed with; 0 while it has not. */
    int endCode() {
        return endCode;
    }

    String model() {
        return model;
    }

    double audioSeconds() {
        return audioSeconds;
    }

    private void put(Outbox.Message message) {
        // Not the cancellation: a client is still told that the server stops.
        if (gone) {
            throw left(null);
        }
        try {
            if (!outbox.put(message, limits.sending())) {
                throw cutOff(null);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw cutOff(stopped);
        }
    }

    /** Waits until everything is out, or cuts off a client that does not take it. */
    void awaitSent() {
        try {
            if (!outbox.awaitSent(limits.sending())) {
                cutOff(null);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            cutOff(stopped);
        }
    }

    /** From now on every end is the server's going away. */
    void serverStops() {
        serverStops = true;
    }

    /** The client has left: nothing can be sent any more, and its work ends. */
    void clientGone() {
        gone = true;
        outbox.fail();
        cancellation.cancel();
    }

    private EngineException cutOff(@Nullable Exception why) {
        clientGone();
        session.disconnect();
        return left(why);
    }

    private static EngineException left(@Nullable Exception why) {
        EngineException.Category category = EngineException.Category.CANCELLED;
        return why == null
                ? new EngineException(category, "The client went away.")
                : new EngineException(category, "The client went away.", why);
    }
}
