package dev.parlo.registry.cache;

import dev.parlo.registry.ModelId;
import java.time.Duration;

/** Hears how downloads end, for metrics. Calls come from any thread and must be short. */
@FunctionalInterface
public interface DownloadObserver {
    /** Hears nothing. */
    DownloadObserver NONE = (id, end, took) -> {};

    /**
     * A download is over; one that found everything in place is none.
     *
     * @param end DONE, FAILED or CANCELLED
     */
    void finished(ModelId id, DownloadProgress.State end, Duration took);
}
