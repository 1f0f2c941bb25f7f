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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Each window by itself, computed on the thread that asks. As many arenas of one slot as windows
 * that are open at a time; they are kept for later windows. Thread-safe. Close it after its
 * windows.
 */
public final class SequentialRuntime implements WindowRuntime {
    private static final int SLOT = 0;

    private final int melBands;
    private final Supplier<? extends DecodeArena> opener;
    private final EngineObserver observer;
    private final Urgency everywhere;
    private final Set<DecodeArena> open = new HashSet<>();
    private final Deque<DecodeArena> idle = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param opener makes an arena of one slot
     * @param everywhere what the work of this engine and of others beside it feels
     */
    public SequentialRuntime(
            int melBands,
            Supplier<? extends DecodeArena> opener,
            EngineObserver observer,
            Urgency everywhere) {
        this.everywhere = everywhere;
        this.melBands = melBands;
        this.opener = opener;
        this.observer = observer;
    }

    @Override
    public int melBands() {
        return melBands;
    }

    @Override
    public int slots() {
        return 1;
    }

    @Override
    public EncodedWindow encode(float[] mel, Ticket ticket, Cancellation cancellation) {
        Turn turn = everywhere.during(ticket.await(cancellation));
        try {
            DecodeArena arena = borrow();
            try {
                arena.encoder().encode(mel, SLOT);
                return new Window(arena, turn, cancellation);
            } catch (RuntimeException | Error e) {
                giveBack(arena);
                throw e;
            }
        } catch (RuntimeException | Error e) {
            turn.close();
            throw e;
        }
    }

    @Override
    public void giveWay(long workedNanos, Cancellation cancellation) {
        everywhere.giveWay(workedNanos, cancellation);
    }

    /** Bytes of all arenas that exist now. */
    @Override
    public synchronized long bytes() {
        return open.stream().mapToLong(DecodeArena::bytes).sum();
    }

    private DecodeArena borrow() {
        synchronized (this) {
            DecodeArena arena = idle.poll();
            if (arena != null) {
                return arena;
            }
        }
        DecodeArena opened = opener.get();
        synchronized (this) {
            open.add(opened);
        }
        return opened;
    }

    private void giveBack(DecodeArena arena) {
        synchronized (this) {
            if (!closed) {
                idle.push(arena);
                return;
            }
            open.remove(arena);
        }
        arena.close();
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.removeAll(idle);
        idle.forEach(DecodeArena::close);
        idle.clear();
    }

    /** A window in an arena that it has for itself. */
    private final class Window extends OpenWindow {
        private final DecodeArena arena;
        private final Turn turn;
        private final DecodeBatch batch;

        Window(DecodeArena arena, Turn turn, Cancellation cancellation) {
            super(cancellation);
            this.arena = arena;
            this.turn = turn;
            batch = new DecodeBatch(arena.step(), observer);
        }

        @Override
        Alignment alignment(AlignmentTask task, Cancellation stop) {
            return arena.step().align(SLOT, task);
        }

        @Override
        void run(WindowDecoder decoder, Cancellation stop) {
            Outcome outcome = new Outcome();
            batch.join(SLOT, false, decoder, stop, outcome);
            while (!batch.isEmpty()) {
                batch.turn(false);
            }
            outcome.check();
        }

        @Override
        void release() {
            try (turn) {
                try {
                    arena.step().release(SLOT);
                } finally { // also of a device that is lost: its memory is freed with the others'
                    giveBack(arena);
                }
            }
        }
    }

    /** Keeps a failure for the thread that asked, which is the one that computed. */
    private static final class Outcome implements DecodeBatch.Completion {
        private @Nullable Throwable failure;

        @Override
        public void complete(@Nullable Throwable reason) {
            failure = reason;
        }

        void check() {
            switch (failure) {
                case null -> {}
                case RuntimeException known -> throw known;
                case Error error -> throw error;
                default ->
                        throw new EngineException(
                                EngineException.Category.INTERNAL,
                                "Decoding failed: " + failure,
                                failure);
            }
        }
    }
}
