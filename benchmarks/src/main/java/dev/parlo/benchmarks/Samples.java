package dev.parlo.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Timings by what was timed, in the order in which they first came. Not thread-safe. */
final class Samples {
    private final Map<String, List<Double>> milliseconds = new LinkedHashMap<>();

    /** Times one call, of which {@code share} is one unit: a step of a hundred, say. */
    void time(String what, double share, Runnable work) {
        long start = System.nanoTime();
        work.run();
        double elapsed = (System.nanoTime() - start) / 1e6;
        milliseconds.computeIfAbsent(what, w -> new ArrayList<>()).add(elapsed * share);
    }

    /** The processor time of this process over one call, of all threads. */
    void timeProcessor(String what, Runnable work) {
        timeProcessor(what, 1, work);
    }

    /** Of which {@code share} is one unit. */
    void timeProcessor(String what, double share, Runnable work) {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long start = system.getProcessCpuTime();
        work.run();
        double elapsed = (system.getProcessCpuTime() - start) / 1e6;
        milliseconds.computeIfAbsent(what, w -> new ArrayList<>()).add(elapsed * share);
    }

    /** All timings of one thing, in order. */
    List<Double> all(String what) {
        return milliseconds.getOrDefault(what, List.of()).stream().map(Samples::rounded).toList();
    }

    /** The value below which so much of the timings lies. */
    double quantile(String what, double share) {
        List<Double> sorted = milliseconds.getOrDefault(what, List.of()).stream().sorted().toList();
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return rounded(sorted.get(Math.clamp(index, 0, sorted.size() - 1)));
    }

    double least(String what) {
        return milliseconds.getOrDefault(what, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .min()
                .orElse(0);
    }

    /** Medians and least values in milliseconds, and how many there are. */
    Map<String, Map<String, Object>> summary() {
        Map<String, Map<String, Object>> summary = new LinkedHashMap<>();
        milliseconds.forEach((what, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            int n = sorted.size();
            double median =
                    n % 2 == 1
                            ? sorted.get(n / 2)
                            : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("median", rounded(median));
            row.put("min", rounded(sorted.getFirst()));
            row.put("n", n);
            summary.put(what, row);
        });
        return summary;
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
