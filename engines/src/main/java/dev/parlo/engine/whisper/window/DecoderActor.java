package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.worker.ThreadEnd;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns an arena's step. Others send it windows to decode and to align; it runs all
 * that are there in one step after another. Thread-safe.
 */
final class DecoderActor implements AutoCloseable {
    /** Runs of the encoder that windows wait for company. */
    private static final int MOST_GATHERED = 8;

    /** A window that is cancelled while it waits for company is noticed after as long. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final DecoderStep step;
    private final EncodeQueue queue;
    private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
    private final Deque<Message.Align> alignments = new ArrayDeque<>();
    private final DecodeBatch batch;
    private final Urgency urgency;
    private final Cancellation closing = new Cancellation();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final LongSupplier nanoTime;
    private final Thread thread;
    private boolean closed;

    /** Turns of urgent windows only, since the last turn of all. */
    private int givenWay;

    private long lastTurnNanos;

    private sealed interface Message {
        record Decode(
                int slot,
                boolean urgent,
                WindowDecoder decoder,
                Cancellation cancellation,
                CompletableFuture<Boolean> done)
                implements Message {}

        record Align(
                int slot, boolean urgent, AlignmentTask task, CompletableFuture<Alignment> done)
                implements Message {}

        record Release(int slot) implements Message {}

        record Close() implements Message {}
    }

    /**
     * @param queue of the windows that will come; it is told of every slot that is free again
     */
    DecoderActor(DecoderStep step, EncodeQueue queue, Urgency urgency, EngineObserver observer) {
        this(step, queue, urgency, observer, System::nanoTime);
    }

    /**
     * @param nanoTime as {@link System#nanoTime}: what turns took is measured by it
     */
    DecoderActor(
            DecoderStep step,
            EncodeQueue queue,
            Urgency urgency,
            EngineObserver observer,
            LongSupplier nanoTime) {
        this.step = step;
        this.queue = queue;
        this.urgency = urgency;
        this.nanoTime = nanoTime;
        batch = new DecodeBatch(step, observer);
        thread = Thread.ofPlatform().name("whisper-decoder").daemon().start(this::run);
    }

    /** Completed when the step is warmed up, or with why that failed. */
    CompletableFuture<Boolean> ready() {
        return ready;
    }

    /** Completed when the decoder is done. */
    CompletableFuture<Boolean> decode(
            int slot, boolean urgent, WindowDecoder decoder, Cancellation cancellation) {
        Message.Decode message =
                new Message.Decode(slot, urgent, decoder, cancellation, new CompletableFuture<>());
        send(message, message.done());
        return message.done();
    }

    CompletableFuture<Alignment> align(int slot, boolean urgent, AlignmentTask task) {
        Message.Align message = new Message.Align(slot, urgent, task, new CompletableFuture<>());
        send(message, message.done());
        return message.done();
    }

    /** After all work on the slot is done. */
    void release(int slot) {
        mailbox.add(new Message.Release(slot));
    }

    private void send(Message message, CompletableFuture<?> done) {
        mailbox.add(message);
        if (closing.isCancelled()) {
            done.completeExceptionally(EncodeQueue.closing()); // the thread may be gone already
        }
    }

    private void run() {
        try {
            step.warmUp();
            ready.complete(true);
        } catch (RuntimeException | Error e) {
            ready.completeExceptionally(e);
        }
        while (!closed) {
            try {
                receive();
                turn();
            } catch (RuntimeException | Error e) { // those who wait must not wait for ever
                failAll(e);
            } catch (InterruptedException e) {
                failAll(new IllegalStateException("this thread must not be interrupted", e));
            }
        }
    }

    private void turn() throws InterruptedException {
        if (urgency.isFelt() && !isUrgentHere()) {
            giveWay();
        } else {
            gather(isUrgentHere());
        }
        boolean urgentHere = isUrgentHere();
        boolean onlyUrgent = urgentHere && givenWay < Urgency.PATIENCE;
        givenWay = onlyUrgent ? givenWay + 1 : 0;
        long start = nanoTime.getAsLong();
        if (!batch.isEmpty()) {
            batch.turn(onlyUrgent);
        }
        alignments.stream()
                .filter(alignment -> alignment.urgent() || !onlyUrgent)
                .findFirst()
                .ifPresent(alignment -> {
                    alignments.remove(alignment);
                    align(alignment);
                });
        lastTurnNanos = nanoTime.getAsLong() - start;
    }

    private boolean isUrgentHere() {
        return batch.hasUrgent() || alignments.stream().anyMatch(Message.Align::urgent);
    }

    /**
     * Waits while windows are encoded for which there is a slot. Beside the encoder a step takes
     * the cores from it, whose threads then wait for one another, and it has fewer rows to share
     * its weights among; so a crowd is done sooner when the encoder goes ahead. An urgent window
     * that comes meanwhile ends the waiting: while it is here the encoder holds the others back, so
     * the company that is waited for would not come.
     */
    private void gather(boolean onlyUrgent) throws InterruptedException {
        long end = nanoTime.getAsLong() + MOST_GATHERED * queue.lastRunNanos();
        while (!closed
                && isUrgentHere() == onlyUrgent
                && batch.size(onlyUrgent) > 0
                && queue.isCompanyComing(onlyUrgent)) {
            long left = Math.min(LOOK_NANOS, end - nanoTime.getAsLong());
            if (left <= 0) {
                return;
            }
            Message message = mailbox.poll(left, TimeUnit.NANOSECONDS);
            if (message != null) {
                accept(message);
            }
            batch.dropCancelled();
        }
    }

    /**
     * Rests for some turns while an urgent window is encoded, or until it comes here: the encoder
     * would take twice as long beside us.
     */
    private void giveWay() throws InterruptedException {
        long end = nanoTime.getAsLong() + Urgency.PATIENCE * lastTurnNanos;
        while (!closed && urgency.isFelt() && !isUrgentHere()) {
            long left = end - nanoTime.getAsLong();
            Message message = left > 0 ? mailbox.poll(left, TimeUnit.NANOSECONDS) : null;
            if (message == null) {
                return;
            }
            accept(message);
        }
    }

    /** Takes what has come; waits for something to come while there is nothing to do. */
    private void receive() throws InterruptedException {
        boolean idle = batch.isEmpty() && alignments.isEmpty();
        @Nullable Message message = idle ? mailbox.take() : mailbox.poll();
        while (message != null) {
            accept(message);
            message = mailbox.poll();
        }
    }

    private void accept(Message message) {
        switch (message) {
            case Message.Decode decode ->
                    batch.join(
                            decode.slot(),
                            decode.urgent(),
                            decode.decoder(),
                            decode.cancellation(),
                            failure -> end(decode.done(), failure));
            case Message.Align align -> alignments.add(align);
            case Message.Release(int slot) -> {
                try {
                    step.release(slot);
                } finally {
                    queue.free(slot);
                }
            }
            case Message.Close() -> {
                closed = true;
                failAll(EncodeQueue.closing());
            }
        }
    }

    private void align(Message.Align message) {
        try {
            message.done().complete(step.align(message.slot(), message.task()));
        } catch (RuntimeException | Error e) {
            message.done().completeExceptionally(e);
        }
    }

    private void failAll(Throwable failure) {
        alignments.forEach(waiting -> waiting.done().completeExceptionally(failure));
        alignments.clear();
        batch.fail(failure);
    }

    private static void end(CompletableFuture<Boolean> done, @Nullable Throwable failure) {
        if (failure == null) {
            done.complete(true);
        } else {
            done.completeExceptionally(failure);
        }
    }

    /** Fails what is under way after the step that is running, and waits for the thread's end. */
    @Override
    public void close() {
        closing.cancel();
        mailbox.add(new Message.Close());
        ThreadEnd.await(thread);
    }
}
