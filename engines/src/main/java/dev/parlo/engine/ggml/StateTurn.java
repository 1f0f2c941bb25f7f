package dev.parlo.engine.ggml;

import dev.parlo.engine.admission.Turn;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A turn with the memory to compute in: it takes more than a window's audio, so there is never more
 * of it than there are turns.
 *
 * @param open counts those that are not closed
 */
record StateTurn(Turn turn, WhisperState state, AtomicInteger open) implements AutoCloseable {
    StateTurn {
        open.incrementAndGet();
    }

    @Override
    public void close() {
        state.close();
        open.decrementAndGet();
        turn.close();
    }
}
