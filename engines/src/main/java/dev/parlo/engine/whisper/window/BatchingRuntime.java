package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.LanguageProbe;
import dev.parlo.engine.whisper.decode.WindowDecoder;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Windows of many requests in one arena: a thread encodes them one after another, and beside it a
 * thread decodes those that are encoded, all in one step. A window's answer is what it would be
 * alone. Thread-safe.
 */
public final class BatchingRuntime implements WindowRuntime {
    private final int melBands;
    private final Supplier<? extends DecodeArena> opener;
    private final EngineObserver observer;
    private final EncodeQueue queue;
    private final int slots;
    private @Nullable Running running;

    /** What exists from the first window on. */
    private record Running(DecodeArena arena, DecoderActor decoder, Thread encoding) {}

    /**
     * @param slots windows at a time; further ones wait
     * @param opener makes an arena of so many slots, when the first window comes
     */
    public BatchingRuntime(
            int melBands,
            int slots,
            Supplier<? extends DecodeArena> opener,
            EngineObserver observer) {
        this.melBands = melBands;
        this.opener = opener;
        this.observer = observer;
        this.slots = slots;
        queue = new EncodeQueue(slots);
    }

    private synchronized Running running() {
        queue.check();
        Running known = running;
        if (known == null) {
            DecodeArena arena = opener.get();
            DecoderActor decoder = new DecoderActor(arena.step(), queue::free, observer);
            Thread encoding =
                    Thread.ofPlatform()
                            .name("whisper-encoder")
                            .daemon()
                            .start(() -> encodeAll(arena, decoder));
            known = new Running(arena, decoder, encoding);
            running = known;
        }
        return known;
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
    public EncodedWindow encode(float[] mel, Priority priority, Cancellation cancellation) {
        cancellation.check();
        DecoderActor decoder = running().decoder();
        EncodeTask task = new EncodeTask(mel, priority, new CompletableFuture<>());
        queue.add(task);
        // Whoever waits for the encoder behind others need not wait for it to learn of its end.
        try (Cancellation.Registration stop =
                cancellation.onCancel(() -> {
                    queue.remove(task);
                    task.encoded().completeExceptionally(cancelled());
                })) {
            return new Window(decoder, await(task.encoded(), cancellation), cancellation);
        }
    }

    /** Windows that wait for the encoder or for a slot. */
    int waiting() {
        return queue.size();
    }

    @Override
    public synchronized long bytes() {
        return running == null ? 0 : running.arena().bytes();
    }

    /** On the encoder's thread. */
    private void encodeAll(DecodeArena arena, DecoderActor decoder) {
        try {
            for (EncodeQueue.Turn turn = queue.next(); turn != null; turn = queue.next()) {
                CompletableFuture<Integer> encoded = turn.task().encoded();
                try {
                    if (!encoded.isDone()) {
                        arena.encoder().encode(turn.task().mel(), turn.slot());
                    }
                } catch (RuntimeException | Error e) {
                    encoded.completeExceptionally(e);
                }
                if (!encoded.complete(turn.slot())) {
                    decoder.release(turn.slot()); // nobody waits for it any more
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        boolean interrupted = false;
        while (last.encoding().isAlive()) {
            try {
                last.encoding().join();
            } catch (InterruptedException e) {
                interrupted = true; // native memory must not be freed under a running encoder
            }
        }
        last.arena().close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static EngineException cancelled() {
        return new EngineException(
                EngineException.Category.CANCELLED, "The request was cancelled.");
    }

    /**
     * Waits for work of another thread. A waiting thread that is interrupted gives its window up,
     * but waits until nobody computes on it any more.
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
    private static final class Window implements EncodedWindow {
        private final DecoderActor decoder;
        private final int slot;
        private final Cancellation cancellation;
        private boolean released;

        Window(DecoderActor decoder, int slot, Cancellation cancellation) {
            this.decoder = decoder;
            this.slot = slot;
            this.cancellation = cancellation;
        }

        @Override
        public double[] detectLanguage(int startOfTranscript, int[] languages) {
            LanguageProbe probe = new LanguageProbe(startOfTranscript, languages);
            run(probe);
            return probe.probabilities();
        }

        @Override
        public DecodedWindow decode(WindowSearch search) {
            run(search);
            return search.result();
        }

        @Override
        public Alignment align(AlignmentTask task) {
            checkOpen();
            cancellation.check();
            return await(decoder.align(slot, task), cancellation);
        }

        private void run(WindowDecoder work) {
            checkOpen();
            cancellation.check();
            await(decoder.decode(slot, work, cancellation), cancellation);
        }

        private void checkOpen() {
            if (released) {
                throw new IllegalStateException("The window is closed.");
            }
        }

        @Override
        public void close() {
            if (!released) {
                released = true;
                decoder.release(slot);
            }
        }
    }
}
