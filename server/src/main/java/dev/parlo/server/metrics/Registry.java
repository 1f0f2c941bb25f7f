package dev.parlo.server.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer's registry, opened when it is first needed: loading its classes would hold up the
 * start. Thread-safe.
 */
final class Registry implements AutoCloseable {
    /**
     * Label values come from bounded sets; the models among them are as many as were ever installed
     * while the server ran.
     */
    private static final int MOST_METERS = 20_000;

    /**
     * Of Micrometer's, not named as Prometheus wants it: the first counts nanoseconds, the other
     * ends like a part of a histogram.
     */
    private static final Set<String> LEFT_OUT = Set.of("process.cpu.time", "system.cpu.count");

    private final ReentrantLock lock = new ReentrantLock();
    private final List<MeterBinder> binders = new ArrayList<>();
    private volatile @Nullable PrometheusMeterRegistry opened;
    private boolean closed;

    /** Adds what is measured when it is asked for; before {@link #get} is first called. */
    void add(MeterBinder binder) {
        lock.lock();
        try {
            binders.add(binder);
        } finally {
            lock.unlock();
        }
    }

    PrometheusMeterRegistry get() {
        PrometheusMeterRegistry known = opened;
        if (known != null) {
            return known;
        }
        lock.lock();
        try {
            known = opened;
            if (known == null) {
                known = open();
                opened = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private PrometheusMeterRegistry open() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(new Most(registry));
        if (closed) {
            registry.close();
        } else {
            binders.forEach(binder -> binder.bindTo(registry));
        }
        return registry;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            PrometheusMeterRegistry known = opened;
            if (known != null) {
                known.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a fault in the labels from filling the memory, and names to the conventions. */
    private record Most(MeterRegistry registry) implements MeterFilter {
        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return registry.getMeters().size() < MOST_METERS && !LEFT_OUT.contains(id.getName())
                    ? MeterFilterReply.NEUTRAL
                    : MeterFilterReply.DENY;
        }
    }
}
