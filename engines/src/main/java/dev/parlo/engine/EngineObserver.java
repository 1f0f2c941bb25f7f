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
     * @param priority by who waits for it
     * @param waiting requests that wait now, this one included; at least 1
     */
    default void queued(Priority priority, int waiting) {}

    /**
     * A request's turn has come; speech takes one turn a chunk.
     *
     * @param priority by who waits for it
     * @param waited for this turn; zero where one was free
     */
    default void started(Priority priority, Duration waited) {}

    /**
     * What was done for a window of audio.
     *
     * @param startSeconds where it begins in the recording
     * @param audioSeconds how much audio is in it, at most 30 s
     * @param took all of it, waiting for a turn included
     * @param encoding of {@code took}, up to the encoded window; zero where that is not known
     * @param decoding of {@code took}, all attempts; zero where that is not known
     * @param attempts of the decoder, one for each temperature that was tried
     * @param tokens of the attempt that was kept
     */
    record Window(
            double startSeconds,
            double audioSeconds,
            Duration took,
            Duration encoding,
            Duration decoding,
            int attempts,
            int tokens) {}

    /**
     * A window of audio was transcribed.
     *
     * @param window what was done, and how long it took
     */
    default void window(Window window) {}

    /** What else is done for a request. */
    enum Stage {
        /** Waiting for the engine until it is loaded. */
        MODEL_LOAD,
        /** Reading the file as samples. */
        AUDIO_DECODE,
        /** Finding where somebody speaks. */
        VOICE_ACTIVITY,
        /** Telling who speaks when. */
        SPEAKERS
    }

    /**
     * A stage of a request is over.
     *
     * @param stage which one
     * @param elapsed from its begin until now
     * @param busy of that; less where it took turns with others, as reading audio does
     */
    default void stage(Stage stage, Duration elapsed, Duration busy) {}

    /**
     * A step of a decoder was computed.
     *
     * @param rows hypotheses in it
     * @param took the step by itself
     */
    default void step(int rows, Duration took) {}

    /**
     * A segment of a transcript was decided.
     *
     * @param segment at times of what the engine heard
     */
    default void segment(Segment segment) {}

    /**
     * A chunk of speech was made.
     *
     * @param audioSeconds how long its sound is
     * @param took to make it, waiting for a turn excluded
     */
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
     * @param priority by who waits for it
     * @param places that there are
     */
    default void refused(Priority priority, int places) {}

    /**
     * Tells several.
     *
     * @param observers in the order in which they are told
     * @return one that passes on every call
     */
    static EngineObserver all(EngineObserver... observers) {
        return new EngineObservers(List.of(observers));
    }
}
