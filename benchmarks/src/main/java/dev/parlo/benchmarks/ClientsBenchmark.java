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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.ObjectMapper;

/**
 * Clips of ten seconds by some clients at a time, each asking for some one after another, against
 * as many clips one after another: until the last is done, in turn. Each engine is warmed up before,
 * the shared one with a clip in every slot; few clients ask for more, so that no cell is over in a
 * moment.
 *
 * <p>Arguments: folder of generated models, shape, beams, rounds, threads, clients (such as
 * 1,4,8,16), clips of each client, file to write.
 */
final class ClientsBenchmark {
    /** As long an answer as ten seconds of speech have. */
    static final int TEXT_TOKENS = 33;

    private static final int NEW_TOKENS = 2 * TEXT_TOKENS - Script.PROMPT.length;

    private static final int MOST_TOGETHER = 16;
    private static final int LEAST_CLIPS = 8;

    private ClientsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        int beams = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        int threads = Integer.parseInt(arguments[4]);
        int each = Integer.parseInt(arguments[6]);
        Windows clips = new Windows(10);
        TranscribeOptions options = options(beams);
        Samples samples = new Samples();
        Samples processor = new Samples();
        try (WhisperEngine alone = engine(models, threads, 1);
                WhisperEngine shared = engine(models, threads, MOST_TOGETHER);
                ExecutorService callers = Executors.newFixedThreadPool(MOST_TOGETHER)) {
            clips.transcribe(alone, options);
            together(callers, MOST_TOGETHER, () -> clips.transcribe(shared, options));
            for (int round = 0; round < rounds; round++) {
                for (String count : arguments[5].split(",", -1)) {
                    int clients = Integer.parseInt(count);
                    int asked = Math.max(each, Math.ceilDiv(LEAST_CLIPS, clients));
                    processor.timeProcessor(
                            clients + " one after another",
                            () ->
                                    samples.time(
                                            clients + " one after another",
                                            1,
                                            () -> {
                                                for (int i = 0; i < clients * asked; i++) {
                                                    clips.transcribe(alone, options);
                                                }
                                            }));
                    processor.timeProcessor(
                            clients + " together",
                            () ->
                                    samples.time(
                                            clients + " together",
                                            1,
                                            () ->
                                                    together(
                                                            callers,
                                                            clients,
                                                            () -> {
                                                                for (int i = 0; i < asked; i++) {
                                                                    clips.transcribe(
                                                                            shared, options);
                                                                }
                                                            })));
                }
            }
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("shape", models.shape().label());
        result.put("beams", beams);
        result.put("threads", threads);
        result.put("clips of each client, at least", each);
        result.put("milliseconds", samples.summary());
        result.put("processor milliseconds", processor.summary());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(Path.of(arguments[7]).toFile(), result);
    }

    static TranscribeOptions options(int beams) {
        return Windows.options(beams).toBuilder().maxNewTokens(NEW_TOKENS).build();
    }

    static WhisperEngine engine(Models models, int threads, int requests)
            throws IOException {
        return WhisperEngine.open(
                models.checkpoint(),
                new WhisperEngineSettings(
                        ComputeType.INT8,
                        Placement.Cpu.threads(threads),
                        new Admission(requests, requests + 2),
                        Long.MAX_VALUE,
                        CacheFolder.at(models.cache()),
                        models.cache()),
                new Cancellation());
    }

    static void together(ExecutorService callers, int count, Runnable work) {
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(CompletableFuture.runAsync(work, callers));
        }
        running.forEach(CompletableFuture::join);
    }
}
