package dev.parlo.server.vad;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.vad.VoiceActivityDetector;

/** Lends a voice activity detector to requests that do not care which one. Thread-safe. */
@FunctionalInterface
public interface DetectorLoans {
    /**
     * Borrows the best detector there is, loading it where it is not loaded; nothing is downloaded.
     *
     * @param cancellation ends the waiting
     * @throws dev.parlo.engine.pool.PoolException for one that cannot be loaded now
     * @throws dev.parlo.engine.EngineException OVERLOADED, CANCELLED
     */
    Loan lend(Cancellation cancellation);

    /**
     * A borrowed detector; closing gives it back.
     *
     * @param steps of its engine, for those who wait for its runs
     * @param release gives it back
     */
    record Loan(VoiceActivityDetector detector, NativeSteps steps, Runnable release)
            implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }
}
