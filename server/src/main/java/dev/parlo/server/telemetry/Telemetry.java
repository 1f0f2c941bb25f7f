package dev.parlo.server.telemetry;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.cache.DownloadProgress;
import dev.parlo.server.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * OpenTelemetry's SDK as the standard variables describe it. What it sends it sends from threads of
 * its own, from queues that drop what a collector does not take. Thread-safe.
 */
public final class Telemetry implements AutoCloseable {
    /** For what is left to be sent at the end; the stop of the server does not wait for more. */
    private static final Duration LAST = Duration.ofSeconds(2);

    private static final String SCOPE = "dev.parlo";

    /** Held: Java's loggers, with what was set in them, are forgotten when nobody holds them. */
    private final Logger logger = Logger.getLogger("io.opentelemetry");

    private final SLF4JBridgeHandler bridge = new CutLines();
    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final Traces traces;

    private Telemetry(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        tracer = sdk.getTracer(SCOPE);
        traces = new OtelTraces(tracer, sdk.getPropagators().getTextMapPropagator());
        logger.setUseParentHandlers(false);
        logger.addHandler(bridge);
    }

    /**
     * @param metrics what is measured at this moment; asked on a thread of the SDK
     * @throws TelemetryException for variables that cannot be used
     */
    public static Telemetry open(TelemetrySettings settings, Supplier<MetricSnapshots> metrics) {
        return new Telemetry(SdkBuilder.build(settings, metrics));
    }

    public Traces traces() {
        return traces;
    }

    /** A download has ended: a call to the Hub that is nobody's request, or that several share. */
    public void downloaded(ModelId id, DownloadProgress.State end, Duration took) {
        Instant now = Instant.now();
        var span =
                tracer.spanBuilder("download model")
                        .setParent(Context.root())
                        .setSpanKind(SpanKind.CLIENT)
                        .setStartTimestamp(now.minus(took))
                        .setAttribute("parlo.model", id.toString())
                        .startSpan();
        if (end == DownloadProgress.State.FAILED) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(now);
    }

    @Override
    public void close() {
        CompletableResultCode.ofAll(
                        List.of(
                                sdk.getSdkTracerProvider().shutdown(),
                                sdk.getSdkMeterProvider().shutdown()))
                .join(LAST.toMillis(), TimeUnit.MILLISECONDS);
        logger.removeHandler(bridge);
    }
}
