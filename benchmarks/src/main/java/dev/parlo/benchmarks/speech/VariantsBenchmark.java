package dev.parlo.benchmarks.speech;

import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroEngine;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.speech.ShapedModels;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.text.Lexicon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.ObjectMapper;

/**
 * What other session options and 8-bit weights make of Kokoro's time: the runs that one text needs,
 * recorded once, are made by a session of each kind in turn. Beside it the operators that take most
 * of the time.
 *
 * <p>Arguments: folder of the shaped graphs, folder for generated models, rounds, file to write.
 */
final class VariantsBenchmark {
    private interface Change {
        void apply(OrtSession.SessionOptions options) throws Exception;
    }

    private record Variant(String label, Path model, int threads, Change change) {}

    private VariantsBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path data = Path.of(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        Path folder =
                new ShapedModels(Path.of(arguments[0])).kokoro(data.resolve("parlo/kokoro-shaped"));
        Path model = folder.resolve("model.onnx");
        int threads = Runtime.getRuntime().availableProcessors();
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant("as the engine runs it", model, threads, options -> {}));
        variants.add(new Variant("one thread", model, 1, options -> {}));
        variants.add(
                new Variant(
                        "threads that spin",
                        model,
                        threads,
                        options -> options.addConfigEntry("session.intra_op.allow_spinning", "1")));
        variants.add(
                new Variant(
                        "no graph optimisation",
                        model,
                        threads,
                        options -> options.setOptimizationLevel(OptLevel.NO_OPT)));
        variants.add(
                new Variant(
                        "denormal numbers as zero",
                        model,
                        threads,
                        options -> options.addConfigEntry("session.set_denormal_as_zero", "1")));
        variants.add(
                new Variant(
                        "memory patterns",
                        model,
                        threads,
                        options -> options.setMemoryPatternOptimization(true)));
        variants.add(
                new Variant(
                        "no memory arena",
                        model,
                        threads,
                        options -> options.setCPUArenaAllocator(false)));
        variants.add(
                new Variant(
                        "8-bit MatMul, Gemm and LSTM",
                        eightBit(model, data, "matmul", Set.of("MatMul", "Gemm", "LSTM")),
                        threads,
                        options -> {}));
        variants.add(
                new Variant(
                        "8-bit MatMul, Gemm, LSTM and Conv",
                        eightBit(model, data, "all", Set.of("MatMul", "Gemm", "LSTM", "Conv")),
                        threads,
                        options -> {}));
        Map<String, Object> results = new LinkedHashMap<>();
        try (RecordedRuns runs = new RecordedRuns()) {
            record(folder, data, runs, threads);
            results.put("milliseconds", time(variants, runs, rounds));
            results.put("operators", profile(model, threads, runs));
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[3]).toFile(), results);
        System.err.println(results);
    }

    private static Path eightBit(Path model, Path data, String name, Set<String> operators)
            throws IOException {
        Path file = data.resolve("kokoro-8-bit-" + name + ".onnx");
        if (!Files.exists(file)) {
            Path part = data.resolve("kokoro-8-bit.part");
            EightBitGraph.write(model, part, operators);
            Files.move(part, file);
        }
        return file;
    }

    private static void record(Path folder, Path data, RecordedRuns runs, int threads) {
        try (TextToSpeech engine =
                new KokoroEngine(
                        folder,
                        new EspeakNg(
                                new EspeakInstaller(CacheFolder.at(data.resolve("cache")), null, null).locate()),
                        Lexicon.EMPTY,
                        KokoroLexicons.none(),
                        new SpeechSettings(threads, new Admission(1, 4), runs))) {
            runs.record(true);
            var unused =
                    engine.speak(
                            SpeechTexts.SENTENCE,
                            SpeechOptions.of("af_heart"),
                            chunk -> {},
                            new Cancellation());
            runs.record(false);
        }
    }

    private static Map<String, Object> time(List<Variant> variants, RecordedRuns runs, int rounds)
            throws Exception {
        Map<String, Series> times = new LinkedHashMap<>();
        List<OrtSession> sessions = new ArrayList<>();
        for (Variant variant : variants) {
            try (OrtSession.SessionOptions options = EngineBenchmark.options(variant.threads)) {
                variant.change.apply(options);
                OrtSession session =
                        OnnxEnvironment.get().createSession(variant.model.toString(), options);
                sessions.add(session);
                double unused = runs.replay(session);
                times.put(variant.label, new Series());
            }
        }
        for (int i = 0; i < rounds; i++) {
            for (int v = 0; v < variants.size(); v++) {
                Objects.requireNonNull(times.get(variants.get(v).label))
                        .add(runs.replay(sessions.get(v)));
            }
        }
        Map<String, Object> medians = new LinkedHashMap<>();
        times.forEach((label, series) -> medians.put(label, Series.rounded(series.median())));
        for (OrtSession session : sessions) {
            session.close();
        }
        return medians;
    }

    /** The share of each kind of operator in the time of a run. */
    private static Map<String, Object> profile(Path model, int threads, RecordedRuns runs)
            throws Exception {
        Path folder = Files.createTempDirectory("parlo-profile");
        String file;
        try (OrtSession.SessionOptions options = EngineBenchmark.options(threads)) {
            options.enableProfiling(folder.resolve("run").toString());
            try (OrtSession session =
                    OnnxEnvironment.get().createSession(model.toString(), options)) {
                double unused = runs.replay(session);
                unused = runs.replay(session);
                file = session.endProfiling();
            }
        }
        Map<String, Double> sums = new LinkedHashMap<>();
        double total = 0;
        for (var event : new ObjectMapper().readTree(Path.of(file).toFile())) {
            String name = event.path("name").asString("");
            if (event.path("cat").asString("").equals("Node") && name.endsWith("_kernel_time")) {
                double took = event.get("dur").asDouble();
                total += took;
                sums.merge(event.path("args").path("op_name").asString("?"), took, Double::sum);
            }
        }
        Files.delete(Path.of(file));
        Files.delete(folder);
        double all = total;
        Map<String, Object> shares = new LinkedHashMap<>();
        sums.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(8)
                .forEach(sum -> shares.put(sum.getKey(), Series.rounded(sum.getValue() / all)));
        return shares;
    }
}
