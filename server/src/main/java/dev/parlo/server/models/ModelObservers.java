package dev.parlo.server.models;

import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.pool.PoolObserver;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.cache.DownloadObserver;
import java.util.function.Function;

/**
 * Who hears what becomes of models.
 *
 * @param engines hears what the engine of a model does; asked once for each installed model
 * @param pool hears of loads and unloads
 * @param downloads hears how downloads end
 */
public record ModelObservers(
        Function<ModelId, EngineObserver> engines,
        PoolObserver<ModelId> pool,
        DownloadObserver downloads) {
    /** The log alone. */
    public static ModelObservers log() {
        return new ModelObservers(EngineLog::new, new PoolLog(), DownloadObserver.NONE);
    }

    /** These, and others beside them. */
    public ModelObservers and(ModelObservers more) {
        return new ModelObservers(
                id -> EngineObserver.all(engines.apply(id), more.engines.apply(id)),
                PoolObserver.all(pool, more.pool),
                (id, end, took) -> {
                    downloads.finished(id, end, took);
                    more.downloads.finished(id, end, took);
                });
    }
}
