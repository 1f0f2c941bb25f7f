package dev.parlo.benchmarks.speech;

import ai.onnxruntime.OrtSession;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.espeak.EspeakInstaller;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.kokoro.KokoroEngine;
import dev.parlo.engine.kokoro.KokoroLexicons;
import dev.parlo.engine.onnx.OnnxEnvironment;
import dev.parlo.engine.piper.PiperEngine;
import dev.parlo.engine.speech.ShapedModels;
import dev.parlo.engine.speech.SpeechSettings;
import dev.parlo.engine.text.Lexicon;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * What an engine takes beyond its model: a text is spoken, and then the very same runs of the model
 * are made by a bare session of the same options, in turn, again and again.
 *
 * <p>Arguments: folder of the shaped graphs, folder for generated models, rounds, file to write,
 * tokens of the longest text.
 */
final class EngineBenchmark {
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final Path cache;
    private final int rounds;
    private final Map<Integer, String> texts;
    private final Map<String, Object> results = new LinkedHashMap<>();

    private EngineBenchmark(Path cache, int rounds, Map<Integer, String> texts) {
        this.cache = cache;
        this.rounds = rounds;
        this.texts = texts;
    }

    public static void main(String[] arguments) throws Exception {
        ShapedModels shaped = new ShapedModels(Path.of(arguments[0]));
        Path data = Path.of(arguments[1]);
        EngineBenchmark benchmark =
                new EngineBenchmark(
                        data.resolve("cache"),
                        Integer.parseInt(arguments[2]),
                        SpeechTexts.upTo(Integer.parseInt(arguments[4])));
        Path kokoro = shaped.kokoro(data.resolve("parlo/kokoro-shaped"));
        Path piper = shaped.piper(data.resolve("parlo/piper-shaped"), 1);
        try (RecordedRuns runs = new RecordedRuns();
                TextToSpeech engine =
                        new KokoroEngine(
                                kokoro,
                                benchmark.espeak(),
                                Lexicon.EMPTY,
                                KokoroLexicons.none(),
                                benchmark.settings(runs))) {
            benchmark.time("kokoro-shaped", engine, kokoro.resolve("model.onnx"), runs, "af_heart");
        }
        try (RecordedRuns runs = new RecordedRuns();
                TextToSpeech engine =
                        new PiperEngine(
                                piper,
                                benchmark.espeak(),
                                Lexicon.EMPTY,
                                benchmark.settings(runs))) {
            benchmark.time(
                    "piper-shaped",
                    engine,
                    piper.resolve("piper-shaped.onnx"),
                    runs,
                    "piper-shaped");
        }
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[3]).toFile(), benchmark.results);
    }

    private EspeakNg espeak() {
        return new EspeakNg(new EspeakInstaller(CacheFolder.at(cache), null, null).locate());
    }

    private SpeechSettings settings(RecordedRuns runs) {
        return new SpeechSettings(threads, new Admission(1, 64), runs);
    }

    /** The options that the engine gives its own session. */
    static OrtSession.SessionOptions options(int threads) throws Exception {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        options.setMemoryPatternOptimization(false);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        return options;
    }

    private void time(String name, TextToSpeech engine, Path model, RecordedRuns runs, String voice)
            throws Exception {
        Map<String, Object> rows = new LinkedHashMap<>();
        try (OrtSession.SessionOptions options = options(threads);
                OrtSession bare = OnnxEnvironment.get().createSession(model.toString(), options)) {
            SpeechOptions spoken = SpeechOptions.of(voice);
            runs.record(true);
            var unused =
                    engine.speak(SpeechTexts.SENTENCE, spoken, chunk -> {}, new Cancellation());
            double ignored = runs.replay(bare);
            for (Map.Entry<Integer, String> text : texts.entrySet()) {
                runs.takeMilliseconds();
                runs.record(true);
                SpeechSummary summary =
                        engine.speak(text.getValue(), spoken, chunk -> {}, new Cancellation());
                runs.record(false);
                // what is over in no time is made more often, what takes long is steady
                double recorded = runs.takeMilliseconds();
                int times = (int) Math.clamp(4000 / recorded, Math.min(rounds, 2), 10.0 * rounds);
                Series whole = new Series();
                Series inside = new Series();
                Series overhead = new Series();
                Series alone = new Series();
                for (int i = 0; i < times; i++) {
                    runs.takeMilliseconds();
                    long start = System.nanoTime();
                    unused = engine.speak(text.getValue(), spoken, chunk -> {}, new Cancellation());
                    double took = (System.nanoTime() - start) / 1e6;
                    double ran = runs.takeMilliseconds();
                    whole.add(took);
                    inside.add(ran);
                    overhead.add(took - ran);
                    alone.add(runs.replay(bare));
                }
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("tokens", summary.inputTokens());
                row.put("chunks", summary.chunks());
                row.put("audio_seconds", Series.rounded(summary.seconds()));
                row.put("speak_ms", Series.rounded(whole.median()));
                row.put("runs_inside_ms", Series.rounded(inside.median()));
                row.put("overhead_ms", Series.rounded(overhead.median()));
                row.put("overhead_share", Series.rounded(overhead.median() / inside.median()));
                row.put("bare_runs_ms", Series.rounded(alone.median()));
                row.put("ratio_to_bare", Series.rounded(whole.median() / alone.median()));
                row.put("n", times);
                rows.put(text.getKey().toString(), row);
                System.err.println(name + " " + row);
            }
        }
        results.put(name, rows);
    }
}
