package dev.parlo.benchmarks;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.ggml.GgmlSubject;
import dev.parlo.engine.ggml.GgmlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * Loads one engine in a process of its own, decodes a window with five hypotheses, and tells how
 * long loading took and the most memory the process ever held (VmHWM; Linux only). The Java heap is
 * part of it.
 *
 * <p>Arguments: folder of generated models, shape, {@code parlo-int8}, {@code parlo-float32},
 * {@code ggml-q8_0}, {@code ggml-f16} or {@code none}, file to write.
 */
final class MemoryProbe {
    private MemoryProbe() {}

    public static void main(String[] arguments) throws IOException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        String engine = arguments[2];
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("shape", models.shape().label());
        result.put("engine", engine);
        if (!engine.equals("none")) {
            boolean firstLoad = !Files.isDirectory(models.cache());
            long start = System.nanoTime();
            try (Subject subject = open(models, engine)) {
                double loaded = (System.nanoTime() - start) / 1e6;
                result.put("load_ms", Samples.rounded(loaded));
                result.put("converted", firstLoad && engine.startsWith("parlo"));
                subject.encode();
                subject.prefill(4);
                for (int i = 0; i < 100; i++) {
                    subject.step(5, 4 + i);
                }
            }
        }
        result.put("vm_hwm_mb", status("VmHWM:") / 1024);
        new ObjectMapper().writeValue(Path.of(arguments[3]).toFile(), result);
        System.err.println(result);
    }

    private static Subject open(Models models, String engine) throws IOException {
        return switch (engine) {
            case "parlo-int8" ->
                    new ParloSubject(
                            models.checkpoint(), models.cache(), ComputeType.INT8, 1, false);
            case "parlo-float32" ->
                    new ParloSubject(
                            models.checkpoint(), models.cache(), ComputeType.FLOAT32, 1, false);
            case "ggml-q8_0" -> new GgmlSubject(models.ggml(GgmlType.Q8_0), 1);
            case "ggml-f16" -> new GgmlSubject(models.ggml(GgmlType.F16), 1);
            default -> throw new IllegalArgumentException("Unknown engine " + engine);
        };
    }

    private static long status(String key) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
