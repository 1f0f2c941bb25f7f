package dev.parlo.server.models;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.cache.DownloadObserver;
import dev.parlo.server.trace.Traces;
import java.util.function.Function;

/**
 * Who hears what becomes of models.
 *
 * @param engines hears what the engine of a model does; asked once for each installed model
 * @param pool hears of loads and unloads
 * @param downloads hears how downloads end
 * @param requests follows the requests that models work for
 */
public record ModelObservers(
        Function<ModelId, EngineObserver> engines,
        PoolObserver<ModelId> pool,
        DownloadObserver downloads,
        Traces requests) {
    /** The log alone. */
    public static ModelObservers log() {
        return new ModelObservers(
                EngineLog::new, new PoolLog(), DownloadObserver.NONE, Traces.NONE);
    }

    /** These, with traces of requests and someone who hears of downloads for them. */
    public ModelObservers following(Traces traces, DownloadObserver ended) {
        return new ModelObservers(engines, pool, both(downloads, ended), traces);
    }

    /** These, and others beside them. */
    public ModelObservers and(ModelObservers more) {
        return new ModelObservers(
                id -> EngineObserver.all(engines.apply(id), more.engines.apply(id)),
                PoolObserver.all(pool, more.pool),
                both(downloads, more.downloads),
                requests);
    }

    private static DownloadObserver both(DownloadObserver one, DownloadObserver other) {
        return (id, end, took) -> {
            one.finished(id, end, took);
            other.finished(id, end, took);
        };
    }
}
