package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.ObjectMapper;

/**
 * Times one request and two side by side (until the last is done), on one and two threads each,
 * spinning or not, all settings in turn.
 *
 * <p>Arguments: folder of generated models, shape, rounds, file to write.
 */
final class ScalingBenchmark {
    /** Threads of each request, whether they spin, and requests at a time. */
    private record Setting(int threads, boolean spinning, int requests) {
        String label() {
            return String.format(
                    Locale.ROOT,
                    "%d request%s, %d thread%s each, %s",
                    requests,
                    requests == 1 ? "" : "s",
                    threads,
                    threads == 1 ? "" : "s",
                    spinning ? "spinning" : "not spinning");
        }
    }

    private static final List<Setting> SETTINGS =
            List.of(
                    new Setting(1, false, 1),
                    new Setting(2, false, 1),
                    new Setting(2, true, 1),
                    new Setting(1, false, 2),
                    new Setting(2, false, 2),
                    new Setting(2, true, 2));

    private ScalingBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        Windows windows = new Windows();
        TranscribeOptions options = Windows.options(5);
        Samples samples = new Samples();
        List<WhisperEngine> engines = new ArrayList<>();
        for (Setting setting : SETTINGS) {
            engines.add(
                    WhisperEngine.open(
                            models.checkpoint(),
                            new WhisperEngineSettings(
                                    ComputeType.INT8,
                                    new Placement.Cpu(setting.threads(), setting.spinning()),
                                    new Admission(
                                            setting.requests(), setting.requests() + 2),
                                    Long.MAX_VALUE,
                                    CacheFolder.at(models.cache()),
                                    models.cache()),
                            new Cancellation()));
        }
        try (ExecutorService callers = Executors.newFixedThreadPool(2)) {
            for (int round = -1; round < rounds; round++) {
                for (int i = 0; i < engines.size(); i++) {
                    Setting setting = SETTINGS.get(i);
                    WhisperEngine engine = engines.get(i);
                    (round < 0 ? new Samples() : samples)
                            .time(
                                    setting.label(),
                                    1,
                                    () ->
                                            together(
                                                    callers,
                                                    setting.requests(),
                                                    () -> windows.transcribe(engine, options)));
                }
                System.err.printf(Locale.ROOT, "scaling: round %d of %d%n", round + 1, rounds);
            }
        }
        engines.forEach(WhisperEngine::close);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("shape", models.shape().label());
        result.put("milliseconds", samples.summary());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[3]).toFile(), result);
    }

    private static void together(ExecutorService callers, int count, Runnable work) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(CompletableFuture.runAsync(work, callers));
        }
        running.forEach(CompletableFuture::join);
    }
}
