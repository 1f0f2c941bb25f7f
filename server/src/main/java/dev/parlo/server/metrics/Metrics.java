package dev.parlo.server.metrics;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.cache.DownloadProgress;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.RequestObserver;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelObservers;
import dev.parlo.server.trace.Traces;
import dev.parlo.server.watchdog.Watchdog;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /metrics} in Prometheus' text format, or in OpenMetrics' for who accepts that; the
 * figures come from the observers of requests, engines, the pool and downloads. Thread-safe.
 */
public final class Metrics implements AutoCloseable {
    /** Where it is answered. */
    public static final String PATH = "/metrics";

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String OPEN_METRICS_TEXT = OPEN_METRICS + "; version=1.0.0; charset=utf-8";

    private static final Set<DownloadProgress.State> ENDS =
            Set.of(
                    DownloadProgress.State.DONE,
                    DownloadProgress.State.FAILED,
                    DownloadProgress.State.CANCELLED);

    private final Registry registry = new Registry();
    private final RequestMetrics requests = new RequestMetrics(registry);
    private final PoolMetrics pool = new PoolMetrics(registry);
    private volatile @Nullable JvmGcMetrics collector;
    private volatile @Nullable ModelGauges models;

    public Metrics() {
        registry.add(requests);
        registry.add(pool::begin);
        registry.add(Metrics::beginDownloads);
    }

    public RequestObserver requests() {
        return requests;
    }

    public ModelObservers models() {
        return new ModelObservers(
                id -> new EngineMetrics(registry.get(), id), pool, this::downloaded, Traces.NONE);
    }

    private void downloaded(ModelId id, DownloadProgress.State end, Duration took) {
        downloads(registry.get(), end).record(took);
    }

    /** As {@link PoolMetrics#begin}. */
    private static void beginDownloads(MeterRegistry target) {
        for (DownloadProgress.State end : ENDS) {
            downloads(target, end);
        }
    }

    private static Timer downloads(MeterRegistry target, DownloadProgress.State end) {
        return Timer.builder("parlo.download.duration")
                .description("Downloads of models that have ended")
                .tag("outcome", Names.label(end))
                .serviceLevelObjectives(Buckets.work())
                .register(target);
    }

    /**
     * What is read when it is asked for.
     *
     * @param inFlight requests and conversations that run
     * @param downloads that run
     */
    public void watch(
            ModelEngines engines, IntSupplier inFlight, IntSupplier downloads, Watchdog watchdog) {
        registry.add(target -> {
            JvmGcMetrics listening = new JvmGcMetrics();
            collector = listening;
            new ProcessGauges(engines.memory(), inFlight, downloads, listening).bindTo(target);
            models = new ModelGauges(engines, watchdog, target);
        });
    }

    /**
     * A step of native code takes too long.
     *
     * @param model or library
     */
    public void overdue(String model) {
        pool.overdue(model).increment();
    }

    /** Opens the registry, so that no request waits for it. */
    public void warm() {
        var unused = registry.get();
    }

    public void register(RoutesConfig routes) {
        routes.get(PATH, this::answer);
    }

    private void answer(Context ctx) {
        String accept = ctx.header("Accept");
        boolean open = accept != null && accept.toLowerCase(Locale.ROOT).contains(OPEN_METRICS);
        String type = open ? OPEN_METRICS_TEXT : TEXT;
        ContentType.respond(ctx, type, current().scrape(type));
    }

    /** What is measured, at this moment. */
    public MetricSnapshots snapshots() {
        return current().getPrometheusRegistry().scrape();
    }

    private PrometheusMeterRegistry current() {
        PrometheusMeterRegistry measured = registry.get(); // before the gauges, which come with it
        ModelGauges gauges = models;
        if (gauges != null) {
            gauges.read();
        }
        return measured;
    }

    @Override
    public void close() {
        JvmGcMetrics listening = collector;
        if (listening != null) {
            listening.close();
        }
        registry.close();
    }
}
