package dev.parlo.engine.whisper.window;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.whisper.network.DecodeArena;
import java.util.Map;

/**
 * Encodes windows of audio, for many requests. Thread-safe. Closing frees the memory; whoever
 * closes it sees to it that nobody uses it any more.
 */
public interface WindowRuntime extends AutoCloseable {
    /** Mel bands of a window: 80 or 128. */
    int melBands();

    /**
     * Windows that are worked on at a time. With one, a window is computed on the thread that asks,
     * and a further thread that asks would compute beside it.
     */
    int slots();

    /**
     * Waits for a turn of the request and encodes a window; blocks until that is done. The turn is
     * given back when the window is closed, so a request that works on many windows at a time
     * alternates with the others.
     *
     * @param mel {@code [melBands, frames]} flattened, band after band, zeros after the end of the
     *     audio; frames as the network takes them; not changed, nor kept
     * @param ticket of the request that the window belongs to
     * @param cancellation of this window, until it is closed
     * @throws dev.parlo.engine.EngineException of category CANCELLED once {@code cancellation} is
     *     raised, NO_SPACE when there is no memory to decode in
     */
    EncodedWindow encode(float[] mel, Ticket ticket, Cancellation cancellation);

    /**
     * Waits while windows of short requests are computed, which share the processor's cores with
     * the caller; for some times as long as the caller has worked, at most.
     *
     * @param workedNanos since the caller last gave way
     * @param cancellation ends the waiting
     */
    default void giveWay(long workedNanos, Cancellation cancellation) {}

    /** Bytes that windows are decoded in now. */
    long bytes();

    /** As {@link DecodeArena#nodes}; empty before there is one. */
    default Map<String, Integer> nodes() {
        return Map.of();
    }

    @Override
    void close();
}
