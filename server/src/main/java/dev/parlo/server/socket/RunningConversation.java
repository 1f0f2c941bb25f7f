package dev.parlo.server.socket;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.InFlight;
import dev.parlo.server.http.RequestObserver;
import dev.parlo.server.trace.LogContext;
import dev.parlo.server.trace.Traces;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation from its first message to its end: hands messages over as they come, and does
 * the tasks that they lead to on a thread of its own. Thread-safe.
 */
final class RunningConversation implements InFlight.Work {
    private static final Logger LOG = LoggerFactory.getLogger(RunningConversation.class);
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int POLICY_VIOLATION = 1008;
    private static final int SERVER_ERROR = 1011;
    private static final int TRY_AGAIN_LATER = 1013;
    private static final int NO_ROOM = 503;

    private final Conversation conversation;
    private final SocketPeer peer;
    private final Cancellation cancellation;
    private final Tasks tasks;
    private final InFlight inFlight;
    private final String path;
    private final Traces.Span span;
    private final String id;
    private final long start = System.nanoTime();
    private final AtomicInteger code = new AtomicInteger();
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    RunningConversation(
            Conversation conversation,
            SocketPeer peer,
            Cancellation cancellation,
            Tasks tasks,
            InFlight inFlight,
            String path,
            Traces.Span span,
            String id) {
        this.conversation = conversation;
        this.peer = peer;
        this.cancellation = cancellation;
        this.tasks = tasks;
        this.inFlight = inFlight;
        this.path = path;
        this.span = span;
        this.id = id;
    }

    void start() {
        inFlight.observer().begun(path);
        if (!inFlight.enter(this)) {
            stopping = true;
            tasks.finish();
        }
        thread = Thread.ofVirtual().name("socket").start(this::run);
    }

    @Override
    public void finish() {
        stopping = true;
        tasks.finish();
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

    void text(String message) {
        receive(() -> conversation.text(message));
    }

    void binary(byte[] message) {
        receive(() -> conversation.binary(message));
    }

    private void receive(Runnable message) {
        try {
            message.run();
        } catch (ApiError refused) {
            if (refused.status() == NO_ROOM) {
                peer.end(TRY_AGAIN_LATER, refused.message());
                tasks.close();
            } else {
                failLater(refused);
            }
        } catch (RuntimeException failure) {
            failLater(failure);
        }
    }

    /** What was asked for before a bad message is done before the client is told. */
    private void failLater(RuntimeException failure) {
        tasks.add(
                0,
                cancellation -> {
                    throw failure;
                });
    }

    /** The connection is closed. */
    void gone(int closeCode) {
        code.compareAndSet(0, closeCode);
        peer.clientGone();
        tasks.close();
    }

    private void run() {
        try (Traces.Scope log = LogContext.enter(id, span);
                Traces.Scope trace = span.enter();
                Conversation open = conversation) {
            converse(open);
        } catch (RuntimeException | Error failure) {
            LOG.debug("A conversation could not be ended in order", failure);
        } finally {
            tasks.close();
            peer.end(NORMAL, "");
            peer.awaitSent();
            inFlight.leave(this);
            ended(code.get());
        }
    }

    private void ended(int theirs) {
        int closeCode = theirs == 0 ? peer.endCode() : theirs;
        inFlight.observer()
                .finished(
                        new RequestObserver.FinishedConversation(
                                path,
                                closeCode,
                                Duration.ofNanos(System.nanoTime() - start),
                                peer.model(),
                                peer.audioSeconds()));
        span.note("parlo.websocket.close_code", closeCode);
        span.note("parlo.request_id", id);
        span.note("parlo.model", peer.model());
        span.note("parlo.audio_seconds", peer.audioSeconds());
        if (closeCode == SERVER_ERROR) {
            span.failed(Integer.toString(closeCode));
        }
        span.end();
    }

    private void converse(Conversation open) {
        try {
            while (!peer.ended()) {
                Runnable task = tasks.take(open.patience());
                if (task == null) {
                    if (stopping) {
                        peer.end(GOING_AWAY, ApiError.stopping().message());
                    } else if (!tasks.isClosed()) {
                        open.silent();
                        peer.end(NORMAL, "nothing came for a while");
                    }
                    return;
                }
                perform(task);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error failure) { // as of a native library that is missing
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

    /** A task that the client ended has not failed: the next task has been told what to do. */
    private void perform(Runnable task) {
        try {
            task.run();
        } catch (EngineException failure) {
            if (failure.category() != EngineException.Category.CANCELLED
                    || cancellation.isCancelled()) {
                throw failure;
            }
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
