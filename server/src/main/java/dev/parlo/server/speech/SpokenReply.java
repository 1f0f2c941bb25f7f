package dev.parlo.server.speech;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.text.Script;
import dev.parlo.server.trace.Traces;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Speaks a text while it is still being written, sentence by sentence, on a thread of its own: the
 * model is borrowed at once, and the first sentence sounds while the next one comes. Text is added
 * by one thread; everything else is thread-safe.
 */
public final class SpokenReply implements AutoCloseable {
    /** Shorter sentences are spoken together with the next one: alone they sound cut off. */
    private static final int LEAST = 20;

    /** Text that waits; who adds more waits, too. */
    private static final int MOST_WAITING = 1 << 16;

    /** Hears the speech, in its order, on the speech's thread; it may block. */
    public interface Sink {
        /** What is spoken from here on. */
        default void sentence(String text) {}

        /** Audio that became ready. */
        void piece(SpokenPiece piece);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final SentenceBuffer text = new SentenceBuffer();
    private final SpeechPipeline pipeline;
    private final SpeechOrder order;
    private final Sink sink;
    private final Cancellation cancellation = new Cancellation();
    private final Cancellation.Registration outer;
    private final Thread thread;

    /** Of whoever asked for it. */
    private final Traces.Span span;

    private boolean whole;
    private boolean ended;
    private @Nullable Throwable failure;
    private String modelId = "";
    private double seconds;

    private SpokenReply(SpeechPipeline pipeline, SpeechOrder order, Cancellation outer, Sink sink) {
        this.pipeline = pipeline;
        this.order = order;
        this.sink = sink;
        this.outer = outer.onCancel(cancellation::cancel);
        this.span = pipeline.traces().current();
        this.thread = Thread.ofVirtual().name("reply").unstarted(CallersLog.carried(this::run));
    }

    /**
     * Begins to speak.
     *
     * @param cancellation ends the speech, as {@link #close} does
     */
    public static SpokenReply start(
            SpeechPipeline pipeline, SpeechOrder order, Cancellation cancellation, Sink sink) {
        SpokenReply reply = new SpokenReply(pipeline, order, cancellation, sink);
        reply.thread.start();
        return reply;
    }

    /**
     * Adds to the text; waits while much of it is still to be spoken.
     *
     * @throws RuntimeException as {@link #finish}, where the speech has failed already
     */
    public void add(String piece) {
        lock.lock();
        try {
            while (!ended && text.length() >= MOST_WAITING) {
                changed.awaitUninterruptibly();
            }
            rethrow();
            text.add(piece);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The text is whole: waits until all of it was spoken.
     *
     * @throws RuntimeException what the speech failed with, as {@link SpeechPipeline#open} and
     *     {@link SpeechStream#speak} say
     */
    public void finish() {
        lock.lock();
        try {
            whole = true;
            changed.signalAll();
            awaitEnd();
            rethrow();
        } finally {
            lock.unlock();
        }
    }

    /** With the lock. */
    private void rethrow() {
        switch (failure) {
            case null -> {}
            case RuntimeException failed -> throw failed;
            case Error broken -> throw broken; // as of a native library that is missing
            default -> throw new IllegalStateException(failure);
        }
    }

    /** With the lock. */
    private void awaitEnd() {
        while (!ended) {
            changed.awaitUninterruptibly();
        }
    }

    /** The model that spoke; empty before it was borrowed. */
    public String modelId() {
        lock.lock();
        try {
            return modelId;
        } finally {
            lock.unlock();
        }
    }

    /** How long it sounded, when it has ended. */
    public double seconds() {
        lock.lock();
        try {
            return seconds;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        @Nullable Throwable why = null;
        try (Traces.Scope trace = span.enter()) {
            speak();
        } catch (RuntimeException | Error failed) {
            why = failed; // for whoever waits
        } finally {
            outer.close();
            lock.lock();
            try {
                failure = why;
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void speak() {
        try (SpeechStream speech = pipeline.open(order, cancellation)) {
            note(speech);
            for (String next = next(); !next.isEmpty(); next = next()) {
                Script script = speech.script(next);
                if (script.sounds()) {
                    sink.sentence(next);
                    var unused = speech.speak(script, sink::piece);
                    note(speech);
                }
            }
            byte[] rest = speech.finish();
            if (rest.length > 0) {
                sink.piece(SpokenPiece.of(rest));
            }
        }
    }

    private void note(SpeechStream speech) {
        lock.lock();
        try {
            modelId = speech.modelId();
            seconds = speech.seconds();
        } finally {
            lock.unlock();
        }
    }

    /** What is to be spoken next; empty when nothing more comes. */
    private String next() {
        Cancellation.Registration wake = cancellation.onCancel(this::wake);
        lock.lock();
        try {
            while (true) {
                cancellation.check();
                String sentences = text.sentences(LEAST);
                String ready = sentences.isEmpty() && whole ? text.all() : sentences;
                if (!ready.isEmpty() || whole) {
                    changed.signalAll();
                    return ready;
                }
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
            wake.close();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the speech, wherever it is, and waits until its model is free. What it failed with is
     * told by {@link #finish} alone. Harmless when over.
     */
    @Override
    public void close() {
        cancellation.cancel();
        lock.lock();
        try {
            awaitEnd();
        } finally {
            lock.unlock();
        }
    }
}
