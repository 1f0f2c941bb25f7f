package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecoderStep;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns an arena's step. Others send it windows to decode and to align; it runs all
 * that are there in one step after another. Thread-safe.
 */
final class DecoderActor implements AutoCloseable {
    private final DecoderStep step;
    private final IntConsumer freed;
    private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
    private final Deque<Message.Decode> joining = new ArrayDeque<>();
    private final Deque<Message.Align> alignments = new ArrayDeque<>();
    private final DecodeBatch batch;
    private final Cancellation closing = new Cancellation();
    private final Thread thread;
    private boolean closed;

    private sealed interface Message {
        record Decode(
                int slot,
                WindowDecoder decoder,
                Cancellation cancellation,
                CompletableFuture<Boolean> done)
                implements Message {}

        record Align(int slot, AlignmentTask task, CompletableFuture<Alignment> done)
                implements Message {}

        record Release(int slot) implements Message {}

        record Close() implements Message {}
    }

    /**
     * @param freed told of every slot whose window is done with
     */
    DecoderActor(DecoderStep step, IntConsumer freed, EngineObserver observer) {
        this.step = step;
        this.freed = freed;
        batch = new DecodeBatch(step, observer);
        thread = Thread.ofPlatform().name("whisper-decoder").daemon().start(this::run);
    }

    /** Completed when the decoder is done. */
    CompletableFuture<Boolean> decode(int slot, WindowDecoder decoder, Cancellation cancellation) {
        Message.Decode message =
                new Message.Decode(slot, decoder, cancellation, new CompletableFuture<>());
        send(message, message.done());
        return message.done();
    }

    CompletableFuture<Alignment> align(int slot, AlignmentTask task) {
        Message.Align message = new Message.Align(slot, task, new CompletableFuture<>());
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
        while (!closed) {
            try {
                receive();
                turn();
            } catch (RuntimeException | Error e) { // those who wait must not wait for ever
                failAll(e);
            }
        }
    }

    private void turn() {
        // One window joins a turn. Its first step is its whole prompt, which runs by itself and may
        // take as long as twenty steps; the windows under way wait for one prompt at most.
        Message.Decode next = joining.poll();
        if (next != null) {
            batch.join(
                    next.slot(),
                    next.decoder(),
                    next.cancellation(),
                    failure -> end(next.done(), failure));
        }
        if (!batch.isEmpty()) {
            batch.turn();
        }
        Message.Align alignment = alignments.poll();
        if (alignment != null) {
            align(alignment);
        }
    }

    /** Takes what has come; waits for something to come while there is nothing to do. */
    private void receive() {
        try {
            boolean idle = batch.isEmpty() && joining.isEmpty() && alignments.isEmpty();
            @Nullable Message message = idle ? mailbox.take() : mailbox.poll();
            while (message != null) {
                accept(message);
                message = mailbox.poll();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void accept(Message message) {
        switch (message) {
            case Message.Decode decode -> joining.add(decode);
            case Message.Align align -> alignments.add(align);
            case Message.Release(int slot) -> {
                try {
                    step.release(slot);
                } finally {
                    freed.accept(slot);
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
        joining.forEach(waiting -> waiting.done().completeExceptionally(failure));
        alignments.forEach(waiting -> waiting.done().completeExceptionally(failure));
        joining.clear();
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
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // native memory must not be freed under a running step
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
