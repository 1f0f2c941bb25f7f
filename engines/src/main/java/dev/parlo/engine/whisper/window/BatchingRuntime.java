package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WindowEncoder;
import dev.parlo.engine.whisper.window.EncodeQueue.Assignment;
import dev.parlo.engine.worker.ThreadEnd;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Windows of many requests in one arena: a thread encodes them one after another, or some in one
 * run where the device is better at that, and beside it a thread decodes those that are encoded,
 * all in one step. A window's answer is what it would be alone. The window of a request that needs
 * only one goes before those of others. Thread-safe.
 */
public final class BatchingRuntime implements WindowRuntime {
    private final int melBands;
    private final Supplier<? extends DecodeArena> opener;
    private final EngineObserver observer;

    /** Of the windows here, to which encoder and decoder keep. */
    private final Urgency urgency = new Urgency();

    private final Urgency everywhere;
    private final EncodeQueue queue;
    private final int slots;
    private @Nullable Running running;

    /** What exists from the first window on. */
    private record Running(DecodeArena arena, DecoderActor decoder, Thread encoding) {}

    /**
     * @param slots windows at a time; further ones wait
     * @param opener makes an arena of so many slots, when the first window comes
     * @param everywhere what also other engines' work beside this one feels
     */
    public BatchingRuntime(
            int melBands,
            int slots,
            Supplier<? extends DecodeArena> opener,
            EngineObserver observer,
            Urgency everywhere) {
        this.everywhere = everywhere;
        this.melBands = melBands;
        this.opener = opener;
        this.observer = observer;
        this.slots = slots;
        queue = new EncodeQueue(slots, urgency, System::nanoTime);
    }

    /**
     * Opens the arena and readies its decoder now rather than for the first window; blocks.
     *
     * @throws EngineException of category NO_SPACE or DEVICE_LOST where that fails; then the caller
     *     closes this
     */
    public void start() {
        try {
            running().decoder().ready().join();
        } catch (CompletionException e) {
            throw failure(e.getCause());
        }
    }

    private synchronized Running running() {
        queue.check();
        Running known = running;
        if (known == null) {
            DecodeArena arena = opener.get();
            try {
                known = started(arena);
            } catch (RuntimeException | Error e) { // such as no more native threads
                arena.close();
                throw e;
            }
            running = known;
        }
        return known;
    }

    private Running started(DecodeArena arena) {
        DecoderActor decoder = new DecoderActor(arena.step(), queue, urgency, observer);
        try {
            Thread encoding =
                    Thread.ofPlatform()
                            .name("whisper-encoder")
                            .daemon()
                            .start(() -> encodeAll(arena, decoder));
            return new Running(arena, decoder, encoding);
        } catch (RuntimeException | Error e) {
            decoder.close();
            throw e;
        }
    }

    @Override
    public int melBands() {
        return melBands;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public EncodedWindow encode(float[] mel, Ticket ticket, Cancellation cancellation) {
        Turn turn = everywhere.during(ticket.await(cancellation));
        if (turn.isUrgent()) {
            urgency.begin();
        }
        try {
            DecoderActor decoder = running().decoder();
            int slot =
                    slot(
                            new EncodeTask(mel, turn.isUrgent(), new CompletableFuture<>()),
                            cancellation);
            return new Window(decoder, slot, turn, cancellation);
        } catch (RuntimeException | Error e) {
            end(turn);
            throw e;
        }
    }

    @Override
    public void giveWay(long workedNanos, Cancellation cancellation) {
        everywhere.giveWay(workedNanos, cancellation);
    }

    private int slot(EncodeTask task, Cancellation cancellation) {
        queue.add(task);
        // Whoever waits for the encoder behind others need not wait for it to learn of its end.
        try (Cancellation.Registration stop =
                cancellation.onCancel(() -> {
                    queue.remove(task);
                    task.encoded().completeExceptionally(cancelled());
                })) {
            return await(task.encoded(), cancellation);
        }
    }

    private void end(Turn turn) {
        if (turn.isUrgent()) {
            urgency.end();
            queue.calm();
        }
        turn.close();
    }

    /** Windows that wait for the encoder or for a slot. */
    int waiting() {
        return queue.size();
    }

    @Override
    public synchronized Map<String, Integer> nodes() {
        return running == null ? Map.of() : running.arena().nodes();
    }

    @Override
    public synchronized long bytes() {
        return running == null ? 0 : running.arena().bytes();
    }

    /** On the encoder's thread. */
    private void encodeAll(DecodeArena arena, DecoderActor decoder) {
        try {
            for (Assignment next = queue.next(arena::trim);
                    next != null;
                    next = queue.next(arena::trim)) {
                boolean urgent = next.task().urgent();
                List<Assignment> together =
                        queue.together(next, waiting -> arena.encoder().together(waiting, urgent));
                if (together.stream().anyMatch(one -> one.task().encoded().isDone())) {
                    // What is cancelled needs no run, and the others' slots do not follow then.
                    together.forEach(one -> encode(List.of(one), arena.encoder(), decoder));
                } else {
                    encode(together, arena.encoder(), decoder);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In one run. */
    private void encode(List<Assignment> together, WindowEncoder encoder, DecoderActor decoder) {
        try {
            if (!together.getFirst().task().encoded().isDone()) {
                long start = System.nanoTime();
                List<float[]> mels = together.stream().map(one -> one.task().mel()).toList();
                encoder.encode(mels, together.getFirst().slot());
                queue.ran(System.nanoTime() - start);
            }
        } catch (RuntimeException | Error e) {
            together.forEach(one -> one.task().encoded().completeExceptionally(e));
        }
        together.forEach(queue::ended);
        for (Assignment one : together) {
            if (!one.task().encoded().complete(one.slot())) {
                decoder.release(one.slot()); // its request does not wait for it any more
            }
        }
    }

    /** Refuses what waits, fails what runs with CANCELLED, and frees the memory after its end. */
    @Override
    public void close() {
        queue.close();
        Running last;
        synchronized (this) {
            last = running;
            running = null;
        }
        if (last == null) {
            return;
        }
        last.decoder().close();
        ThreadEnd.await(last.encoding());
        last.arena().close();
    }

    private static EngineException cancelled() {
        return new EngineException(
                EngineException.Category.CANCELLED, "The request was cancelled.");
    }

    /**
     * Waits for work of another thread. A waiting thread that is interrupted gives its window up,
     * but waits until no thread computes on it any more.
     */
    private static <T> T await(CompletableFuture<T> work, Cancellation cancellation) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            cancellation.cancel();
            try {
                work.join();
            } catch (CompletionException ended) {
                e.addSuppressed(ended);
            }
            Thread.currentThread().interrupt();
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The waiting thread was interrupted.", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case EngineException known ->
                    new EngineException(
                            known.category(), String.valueOf(known.getMessage()), known);
            case Error error -> throw error;
            case null -> new EngineException(EngineException.Category.INTERNAL, "Decoding failed.");
            default ->
                    new EngineException(
                            EngineException.Category.INTERNAL, "Decoding failed: " + cause, cause);
        };
    }

    /** A window in one of the slots. */
    private final class Window extends OpenWindow {
        private final DecoderActor decoder;
        private final int slot;
        private final Turn turn;

        Window(DecoderActor decoder, int slot, Turn turn, Cancellation cancellation) {
            super(cancellation);
            this.decoder = decoder;
            this.slot = slot;
            this.turn = turn;
        }

        @Override
        void run(WindowDecoder work, Cancellation stop) {
            await(decoder.decode(slot, turn.isUrgent(), work, stop), stop);
        }

        @Override
        Alignment alignment(AlignmentTask task, Cancellation stop) {
            return await(decoder.align(slot, turn.isUrgent(), task), stop);
        }

        @Override
        void release() {
            decoder.release(slot);
            end(turn);
        }
    }
}
