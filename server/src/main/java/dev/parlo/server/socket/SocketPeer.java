package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.http.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * The client at the other end. Sending blocks until the bytes are out, so that a client that reads
 * slowly slows down the work for it; one that stops reading is cut off. Used by one thread.
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
    private String model = "";
    private double audioSeconds;
    private volatile int endCode;
    private volatile boolean gone;
    private volatile boolean serverStops;
    private volatile CountDownLatch stranger = new CountDownLatch(0);

    SocketPeer(Session session, SocketLimits limits, Cancellation cancellation) {
        this.session = session;
        this.limits = limits;
        this.cancellation = cancellation;
    }

    /** Takes short messages only, one at a time, until {@link #admit}. */
    public void awaitKey() {
        stranger = new CountDownLatch(1);
        session.setMaxTextMessageSize(STRANGERS_BYTES);
        session.setMaxBinaryMessageSize(STRANGERS_BYTES);
    }

    /** Takes messages as long as they may be. */
    public void admit() {
        session.setMaxTextMessageSize(limits.messageBytes());
        session.setMaxBinaryMessageSize(limits.messageBytes());
        stranger.countDown();
    }

    /**
     * Waits until the client is known: what it sent already, and may send in full if its key is
     * right, is not read before.
     */
    void awaitAdmission() throws InterruptedException {
        stranger.await();
    }

    /** Nobody need wait for the key any more. */
    void dismiss() {
        stranger.countDown();
    }

    /** Raised when the client is gone or the server stops. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /**
     * Sends an object as JSON.
     *
     * @throws EngineException CANCELLED when the client is gone
     */
    public void send(Object message) {
        String text = Json.text(message);
        write(callback -> session.sendText(text, callback));
    }

    /**
     * @throws EngineException CANCELLED when the client is gone
     */
    public void send(byte[] message) {
        write(callback -> session.sendBinary(ByteBuffer.wrap(message), callback));
    }

    /** Ends the conversation; messages that still wait are dropped. Harmless when repeated. */
    public void end(int code, String reason) {
        if (ended()) {
            return;
        }
        // Whatever failed, a client that may connect again is told that the server goes away.
        endCode = serverStops ? GOING_AWAY : code;
        byte[] bytes = reason.getBytes(StandardCharsets.UTF_8);
        String fitting =
                bytes.length <= LONGEST_REASON
                        ? reason
                        : reason.substring(0, Math.min(reason.length(), LONGEST_REASON / 4));
        // for a client that does not answer
        session.setIdleTimeout(CLOSING);
        session.close(endCode, fitting, Callback.NOOP);
    }

    /** For the line of the log. */
    public void note(String modelId, double seconds) {
        model = modelId;
        audioSeconds += seconds;
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

    private void write(Consumer<Callback> sender) {
        // Not the cancellation: a client is still told that the server stops.
        if (gone) {
            throw left();
        }
        Callback.Completable sent = new Callback.Completable();
        try {
            sender.accept(sent);
            sent.get(limits.sending().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw cutOff(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw cutOff(stopped);
        }
    }

    /** From now on every end is the server's going away. */
    void serverStops() {
        serverStops = true;
    }

    /** The client has left: nothing can be sent any more, and its work ends. */
    void clientGone() {
        gone = true;
        cancellation.cancel();
    }

    private EngineException cutOff(Exception why) {
        clientGone();
        session.disconnect();
        return new EngineException(
                EngineException.Category.CANCELLED, "The client went away.", why);
    }

    private static EngineException left() {
        return new EngineException(EngineException.Category.CANCELLED, "The client went away.");
    }
}
