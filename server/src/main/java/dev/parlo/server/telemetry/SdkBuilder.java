package dev.parlo.server.telemetry;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Builds the SDK from its variables. Apart from {@link Telemetry}, which is loaded with the server:
 * verifying a class loads those that it catches and passes on.
 */
final class SdkBuilder {
    private SdkBuilder() {}

    static OpenTelemetrySdk build(TelemetrySettings settings, Supplier<MetricSnapshots> metrics) {
        Map<String, String> properties = settings.properties();
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(own -> properties)
                    .addMeterProviderCustomizer((builder, own) ->
                            builder.registerMetricProducer(new Measured(metrics, Instant.now())))
                    .disableShutdownHook() // the server ends its parts in order
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException | IllegalArgumentException unusable) {
            throw new TelemetryException(
                    "The variables OTEL_* cannot be used: " + unusable.getMessage(), unusable);
        }
    }
}
