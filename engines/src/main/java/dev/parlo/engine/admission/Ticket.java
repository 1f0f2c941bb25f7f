package dev.parlo.engine.admission;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A request's place in an {@link Admission}, from before its upload is read until its answer is
 * out. Thread-safe; closing twice is harmless.
 */
public final class Ticket implements AutoCloseable {
    private final Admission admission;
    private final Priority priority;
    private final Cancellation cancellation;
    private final Share share;
    private final EngineObserver own;
    private final AtomicBoolean closed;

    Ticket(Admission admission, Priority priority, Share share, Cancellation cancellation) {
        this(admission, priority, cancellation, share, EngineObserver.NONE, new AtomicBoolean());
    }

    private Ticket(
            Admission admission,
            Priority priority,
            Cancellation cancellation,
            Share share,
            EngineObserver own,
            AtomicBoolean closed) {
        this.admission = admission;
        this.priority = priority;
        this.cancellation = cancellation;
        this.share = share;
        this.own = own;
        this.closed = closed;
    }

    /**
     * {@return the same place with another urgency} Closing either gives it back.
     *
     * @param other by who waits for the result
     */
    public Ticket withPriority(Priority other) {
        return new Ticket(admission, other, cancellation, share, own, closed);
    }

    /**
     * {@return the same place with another cancellation} Closing either gives it back.
     *
     * @param other stops the work when it is raised
     */
    public Ticket withCancellation(Cancellation other) {
        return new Ticket(admission, priority, other, share, own, closed);
    }

    /**
     * {@return the same place with an observer of this request alone, beside that of the engine}
     * Closing either gives it back.
     *
     * @param other is told what is done for this request
     */
    public Ticket withObserver(EngineObserver other) {
        return new Ticket(admission, priority, cancellation, share, other, closed);
    }

    /** {@return the observer that is told what is done for this request alone} */
    public EngineObserver ownObserver() {
        return own;
    }

    /**
     * {@return the observer that is told what is done for this request: the engine's and its own}
     */
    public EngineObserver observer() {
        return own == EngineObserver.NONE
                ? admission.observer()
                : EngineObserver.all(admission.observer(), own);
    }

    /** {@return the queue that this is a place in} */
    public Admission admission() {
        return admission;
    }

    /** {@return by who waits for the result} */
    public Priority priority() {
        return priority;
    }

    /** {@return what the request's owner raises when the result is not needed any more} */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** {@return a turn, as of {@link #await(Cancellation)} with the request's own cancellation} */
    public Turn await() {
        return await(cancellation);
    }

    /**
     * Waits for a turn, which a request may take as often as it likes: once a window of audio, once
     * a chunk of speech.
     *
     * @param stop ends the waiting
     * @return the right to compute, until it is closed
     * @throws EngineException of category CANCELLED when {@code stop} was raised or the thread was
     *     interrupted
     */
    public Turn await(Cancellation stop) {
        return admission.await(priority, share, stop, own);
    }

    /**
     * Tells how many turns the request comes to, from which others learn when it will be over.
     *
     * @param turns all of them, those that it has had included
     */
    public void expect(int turns) {
        admission.expect(share, turns);
    }

    /**
     * Tells that all audio of the request is in one window, of which it may take several turns: one
     * for the language, say, and one for the words. Each of the first few is urgent, as the only
     * one of another request is.
     *
     * @param turns that are urgent, at least 1
     */
    public void expectFew(int turns) {
        admission.expectFew(share, turns);
    }

    /** Tells that the request comes to more than one turn where it is not known how many. */
    public void expectMore() {
        admission.expectMore(share);
    }

    /**
     * Waits for a turn and computes in it.
     *
     * @param <T> what is computed
     * @param work done on the calling thread
     * @return what it computed
     * @throws EngineException of category CANCELLED when the request is cancelled
     */
    public <T> T compute(Supplier<T> work) {
        try (Turn turn = await()) {
            cancellation.check();
            return work.get();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            admission.leave(share);
        }
    }
}
