package dev.parlo.server;

import dev.parlo.server.http.RequestLog;
import dev.parlo.server.http.RequestObserver;
import dev.parlo.server.metrics.Metrics;
import dev.parlo.server.models.ModelObservers;
import dev.parlo.server.telemetry.Telemetry;
import dev.parlo.server.telemetry.TelemetryException;
import dev.parlo.server.telemetry.TelemetrySettings;
import dev.parlo.server.trace.Traces;
import dev.parlo.server.watchdog.Watchdog;
import io.javalin.config.RoutesConfig;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Logs, metrics and traces of what the server does, each as far as the settings ask for it. */
final class ObservabilityPart {
    private final boolean isScraped;
    private final Optional<Metrics> metrics;
    private final Optional<Telemetry> telemetry;

    private ObservabilityPart(
            boolean isScraped, Optional<Metrics> metrics, Optional<Telemetry> telemetry) {
        this.isScraped = isScraped;
        this.metrics = metrics;
        this.telemetry = telemetry;
    }

    /**
     * @param parts take what is to be closed; it follows everything that is started later
     * @throws SettingsException when a variable of OpenTelemetry's cannot be used
     */
    static ObservabilityPart open(Settings settings, Lifecycle parts) {
        boolean isScraped = settings.access().metrics() != Settings.Metrics.OFF;
        Optional<Metrics> metrics =
                isScraped || settings.telemetry().metrics()
                        ? Optional.of(parts.started(new Metrics()))
                        : Optional.empty();
        Optional<Telemetry> telemetry = telemetry(settings.telemetry(), metrics);
        telemetry.ifPresent(parts::started);
        return new ObservabilityPart(isScraped, metrics, telemetry);
    }

    /** Empty where nothing is sent, and then no class of OpenTelemetry's is loaded. */
    private static Optional<Telemetry> telemetry(
            TelemetrySettings settings, Optional<Metrics> metrics) {
        if (!settings.isOn()) {
            return Optional.empty();
        }
        Supplier<MetricSnapshots> measured =
                metrics.<Supplier<MetricSnapshots>>map(measuring -> measuring::snapshots)
                        .orElse(MetricSnapshots::new);
        try {
            return Optional.of(Telemetry.open(settings, measured));
        } catch (TelemetryException unusable) {
            throw new SettingsException(List.of(String.valueOf(unusable.getMessage())));
        }
    }

    Traces traces() {
        return telemetry.map(Telemetry::traces).orElse(Traces.NONE);
    }

    ModelObservers models() {
        ModelObservers log = ModelObservers.log();
        ModelObservers followed =
                telemetry.map(open -> log.following(open.traces(), open::downloaded)).orElse(log);
        return metrics.map(measuring -> followed.and(measuring.models())).orElse(followed);
    }

    RequestObserver requests() {
        return RequestObserver.all(
                new RequestLog(), metrics.map(Metrics::requests).orElse(RequestObserver.NONE));
    }

    /**
     * What is read when it is asked for.
     *
     * @param inFlight requests and conversations that run
     */
    void watch(ModelPart models, IntSupplier inFlight, Watchdog watchdog) {
        metrics.ifPresent(measuring ->
                measuring.watch(models.engines(), inFlight, models::downloads, watchdog));
    }

    /** A step of native code takes too long. */
    void overdue(String model) {
        metrics.ifPresent(measuring -> measuring.overdue(model));
    }

    List<Consumer<RoutesConfig>> routes() {
        return metrics.filter(measuring -> isScraped)
                .map(measuring -> List.<Consumer<RoutesConfig>>of(measuring::register))
                .orElse(List.of());
    }

    /** So that no request waits for it. */
    void warm() {
        metrics.ifPresent(Metrics::warm);
    }
}
