package dev.parlo.engine;

import dev.parlo.engine.admission.Priority;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Is told what an engine does, for logs and metrics. Calls come from any thread, the engine's
 * workers included, so an implementation is thread-safe, quick, and throws nothing.
 */
public interface EngineObserver {
    /** Ignores everything. */
    EngineObserver NONE = new EngineObserver() {};

    /**
     * A request waits for its turn.
     *
     * @param waiting requests that wait now, this one included
     */
    default void queued(Priority priority, int waiting) {}

    /** A request's turn has come; speech takes one turn a chunk. */
    default void started(Priority priority, Duration waited) {}

    /**
     * A window of audio was transcribed.
     *
     * @param startSeconds where it begins in the recording
     */
    default void window(double startSeconds, double audioSeconds, Duration took) {}

    /**
     * A step of a decoder was computed.
     *
     * @param rows hypotheses in it
     */
    default void step(int rows, Duration took) {}

    /** A segment of a transcript was decided. */
    default void segment(Segment segment) {}

    /** A chunk of speech was made. */
    default void chunk(double audioSeconds, Duration took) {}

    /**
     * A request that had started is over.
     *
     * @param failure null when it succeeded
     * @param audioSeconds of the recording, or made; 0 where it failed
     * @param took from the start of its first turn
     */
    default void finished(
            EngineException.@Nullable Category failure, double audioSeconds, Duration took) {}

    /**
     * A request got no place.
     *
     * @param places that there are, all taken
     */
    default void refused(Priority priority, int places) {}

    /** Tells several, in this order. */
    static EngineObserver all(EngineObserver... observers) {
        return new EngineObservers(List.of(observers));
    }
}
