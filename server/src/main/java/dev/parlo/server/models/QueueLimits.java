package dev.parlo.server.models;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Urgency;
import java.time.Duration;

/**
 * How many requests one model takes.
 *
 * @param parallel windows of audio, or chunks of speech, that it computes at the same time
 * @param waiting requests that it takes beyond so many; more are refused
 * @param longestWait a request that would wait longer is refused; zero for no limit
 */
public record QueueLimits(int parallel, int waiting, Duration longestWait) {
    /**
     * The queue of one model.
     *
     * @param urgency of all models on the processor's cores
     */
    Admission admission(EngineObserver observer, Urgency urgency) {
        return new Admission(
                parallel, Math.addExact(parallel, waiting), longestWait, observer, urgency);
    }
}
