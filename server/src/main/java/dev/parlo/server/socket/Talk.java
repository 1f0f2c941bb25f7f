package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.RequestLog;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one conversation: takes its messages in turn until one side ends it. Thread-safe. */
final class Talk implements InFlight.Work {
    private static final Logger LOG = LoggerFactory.getLogger(Talk.class);
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int POLICY_VIOLATION = 1008;
    private static final int SERVER_ERROR = 1011;
    private static final int TRY_AGAIN_LATER = 1013;

    private final Conversation conversation;
    private final SocketPeer peer;
    private final Cancellation cancellation;
    private final Inbox inbox;
    private final InFlight inFlight;
    private final String path;
    private final long start = System.nanoTime();
    private final AtomicInteger code = new AtomicInteger();
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    Talk(
            Conversation conversation,
            SocketPeer peer,
            Cancellation cancellation,
            Inbox inbox,
            InFlight inFlight,
            String path) {
        this.conversation = conversation;
        this.peer = peer;
        this.cancellation = cancellation;
        this.inbox = inbox;
        this.inFlight = inFlight;
        this.path = path;
    }

    void start() {
        if (!inFlight.enter(this)) {
            stopping = true;
            inbox.finish();
        }
        thread = Thread.ofVirtual().name("socket").start(this::run);
    }

    @Override
    public void finish() {
        stopping = true;
        inbox.finish();
    }

    @Override
    public void stop() {
        finish();
        peer.serverStops();
        cancellation.cancel();
    }

    @Override
    public void interrupt() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Waits while too much is waiting already, and with it the client. */
    void receive(Inbox.Message message) {
        try {
            inbox.put(message);
            peer.awaitAdmission();
        } catch (ApiError noRoom) {
            peer.end(TRY_AGAIN_LATER, noRoom.message());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** The connection is closed. */
    void gone(int closeCode) {
        code.compareAndSet(0, closeCode);
        peer.clientGone();
        inbox.close();
        peer.dismiss();
    }

    private void run() {
        try (Conversation open = conversation) {
            converse(open);
        } catch (RuntimeException failure) {
            LOG.debug("A conversation could not be ended in order", failure);
        } finally {
            inbox.close();
            inFlight.leave(this);
            peer.dismiss();
            int theirs = code.get();
            peer.end(NORMAL, "");
            RequestLog.writeSocket(
                    path,
                    theirs == 0 ? peer.endCode() : theirs,
                    start,
                    peer.model(),
                    peer.audioSeconds());
        }
    }

    private void converse(Conversation open) {
        try {
            while (!peer.ended()) {
                Inbox.Message message = inbox.take(open.patience());
                if (message == null) {
                    if (stopping) {
                        peer.end(GOING_AWAY, ApiError.stopping().message());
                    } else if (!inbox.isClosed()) {
                        open.silent();
                        peer.end(NORMAL, "nothing came for a while");
                    }
                    return;
                }
                String text = message.text();
                byte @Nullable [] bytes = message.bytes();
                if (text != null) {
                    open.text(text);
                } else if (bytes != null) {
                    open.binary(bytes);
                }
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            if (peer.clientIsGone()) {
                return;
            }
            if (stopping && cancellation.isCancelled()) {
                tell(open, ApiError.stopping().withCause(failure));
                peer.end(GOING_AWAY, ApiError.stopping().message());
                return;
            }
            ApiError error = ErrorMapper.toApiError(failure);
            tell(open, error);
            peer.end(error.status() < 500 ? POLICY_VIOLATION : SERVER_ERROR, error.message());
        }
    }

    private static void tell(Conversation open, ApiError error) {
        try {
            open.failed(error);
        } catch (EngineException goneMeanwhile) {
            LOG.debug("The client left before it was told of an error");
        }
    }
}
