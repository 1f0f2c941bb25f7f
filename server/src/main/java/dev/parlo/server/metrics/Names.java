package dev.parlo.server.metrics;

import io.micrometer.core.instrument.Gauge;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How labels and gauges are made. */
final class Names {
    private Names() {}

    /** Of a value that lives as long as the registry: Micrometer alone would forget it. */
    static <T> Gauge.Builder<T> gauge(String name, T source, ToDoubleFunction<T> value) {
        return Gauge.builder(name, source, value).strongReference(true);
    }

    static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
