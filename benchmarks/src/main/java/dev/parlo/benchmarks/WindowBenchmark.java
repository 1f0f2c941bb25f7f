package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.ggml.GgmlEngineSettings;
import dev.parlo.engine.ggml.GgmlType;
import dev.parlo.engine.ggml.GgmlWhisperEngine;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * Times whole requests for one window of a hundred tokens, spectrogram, encoder, search and rules
 * included, all engines in turn.
 *
 * <p>Arguments: folder of generated models, shape, rounds, threads, {@code spin} or {@code
 * no-spin}, file to write; then the engines to leave out.
 */
final class WindowBenchmark {
    private WindowBenchmark() {}

    private static SpeechToText ggml(Models models, GgmlType type, int threads)
            throws IOException {
        return GgmlWhisperEngine.open(
                models.ggml(type),
                new GgmlEngineSettings(threads, new Admission(1, 2), models.cache()));
    }

    public static void main(String[] arguments) throws IOException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        boolean spinning = arguments[4].equals("spin");
        Map<String, SpeechToText> engines = new LinkedHashMap<>();
        for (ComputeType type : List.of(ComputeType.FLOAT32, ComputeType.INT8)) {
            engines.put(
                    "parlo " + type.label(),
                    WhisperEngine.open(
                            models.checkpoint(),
                            new WhisperEngineSettings(
                                    type,
                                    new Placement.Cpu(threads, spinning),
                                    new Admission(1, 2),
                                    Long.MAX_VALUE,
                                    CacheFolder.at(models.cache()),
                                    models.cache()),
                            new Cancellation()));
        }
        engines.put(
                "whisper.cpp q8_0",
                ggml(models, GgmlType.Q8_0, threads));
        engines.put(
                "whisper.cpp f16",
                ggml(models, GgmlType.F16, threads));
        Arrays.stream(arguments).skip(6).map(engines::remove).forEach(SpeechToText::close);
        Windows windows = new Windows();
        Map<String, Samples> samples = new LinkedHashMap<>();
        TranscribeOptions greedy = Windows.options(1);
        TranscribeOptions beam = Windows.options(5);
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, SpeechToText> engine : engines.entrySet()) {
                Samples into =
                        round < 0
                                ? new Samples()
                                : samples.computeIfAbsent(engine.getKey(), n -> new Samples());
                into.time("window greedy", 1, () -> windows.transcribe(engine.getValue(), greedy));
                if (round >= 0) {
                    into.time(
                            "window beam 5", 1, () -> windows.transcribe(engine.getValue(), beam));
                }
            }
            System.err.printf(Locale.ROOT, "%s: round %d of %d%n", arguments[1], round + 1, rounds);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("shape", models.shape().label());
        result.put("threads", threads);
        result.put("spinning", spinning);
        result.put("tokens", Script.TOKENS);
        Map<String, Object> all = new LinkedHashMap<>();
        samples.forEach((name, timed) -> all.put(name, timed.summary()));
        result.put("milliseconds", all);
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[5]).toFile(), result);
        engines.values().forEach(SpeechToText::close);
    }
}
