package dev.parlo.server.telemetry;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The standard variables of OpenTelemetry, {@code OTEL_*}, as they are set. Without an endpoint or
 * an exporter among them nothing of it is loaded.
 *
 * @param variables of the environment; those of other names are left out
 */
public record TelemetrySettings(Map<String, String> variables) {
    private static final String PREFIX = "OTEL_";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String TRACES = "OTEL_TRACES_EXPORTER";
    private static final String METRICS = "OTEL_METRICS_EXPORTER";
    private static final String NONE = "none";

    public TelemetrySettings {
        Map<String, String> own = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank()) { // blank is unset, by the standard
                own.put(name, value.strip());
            }
        });
        variables = Map.copyOf(own);
    }

    /** Whether traces or metrics are sent anywhere. */
    public boolean isOn() {
        return traces() || metrics();
    }

    /** Whether traces are sent. */
    public boolean traces() {
        return sent(TRACES, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
    }

    /** Whether metrics are sent. */
    public boolean metrics() {
        return sent(METRICS, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
    }

    private boolean sent(String exporter, String endpoint) {
        if ("true".equalsIgnoreCase(variables.get("OTEL_SDK_DISABLED"))) {
            return false;
        }
        @Nullable String chosen = variables.get(exporter);
        return chosen == null
                ? variables.containsKey(endpoint) || variables.containsKey(ENDPOINT)
                : !chosen.equalsIgnoreCase(NONE);
    }

    /**
     * As the SDK's own configuration names them, with our defaults: HTTP, which passes through more
     * proxies than gRPC, and attributes of a bounded length, since clients give some of them.
     */
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("otel.exporter.otlp.protocol", "http/protobuf");
        properties.put("otel.attribute.value.length.limit", "500");
        properties.put("otel.propagators", "tracecontext");
        if (!variables.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "").contains("service.name=")) {
            properties.put("otel.service.name", "parlo");
        }
        variables.forEach((name, value) ->
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        properties.put(
                "otel.traces.exporter", traces() ? variables.getOrDefault(TRACES, "otlp") : NONE);
        properties.put(
                "otel.metrics.exporter",
                metrics() ? variables.getOrDefault(METRICS, "otlp") : NONE);
        properties.put("otel.logs.exporter", NONE); // the log goes to the standard error
        return properties;
    }

    /** The names alone: values hold the keys of collectors. */
    @Override
    public String toString() {
        return "TelemetrySettings" + variables.keySet();
    }
}
