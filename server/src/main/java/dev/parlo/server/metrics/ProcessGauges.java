package dev.parlo.server.metrics;

import dev.parlo.engine.pool.ProcessMemory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;
import java.util.function.IntSupplier;

/**
 * The process and its Java machine.
 *
 * @param inFlight requests and conversations that run
 * @param downloads that run
 */
record ProcessGauges(
        ProcessMemory memory, IntSupplier inFlight, IntSupplier downloads, JvmGcMetrics collector)
        implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Names.gauge("parlo.requests.in.flight", inFlight, IntSupplier::getAsInt)
                .description("Requests and conversations that run")
                .register(registry);
        Names.gauge("parlo.downloads.running", downloads, IntSupplier::getAsInt)
                .description("Downloads that run")
                .register(registry);
        Names.gauge("process.resident.memory", memory, ProcessMemory::residentBytes)
                .description("Resident memory of the process, mapped files included")
                .baseUnit("bytes")
                .register(registry);
        Names.gauge("parlo.native.memory", memory, ProcessMemory::nativeBytes)
                .description("Memory that native code holds of malloc's")
                .baseUnit("bytes")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            FunctionCounter.builder(
                            "process.cpu",
                            system,
                            bean -> Math.max(0, bean.getProcessCpuTime()) / 1e9)
                    .description("Processor time of the process")
                    .baseUnit("seconds")
                    .register(registry);
        }
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collector.bindTo(registry);
    }
}
