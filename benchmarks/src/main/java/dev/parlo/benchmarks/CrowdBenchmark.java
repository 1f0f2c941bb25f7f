package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.ObjectMapper;

/**
 * How long a clip of three seconds takes, in an idle engine, while four files of an hour are
 * transcribed by it, and in the first seconds after they have come.
 *
 * <p>Arguments: folder of generated models, shape, beams, clips, threads, batch size of the files (0:
 * window after window), file to write.
 */
final class CrowdBenchmark {
    private static final int FILES = 4;

    /** Windows of the files before the first clip: their memory is new, and their code compiled. */
    private static final int BEFORE = 8 * FILES;

    private static final int MOST_TOGETHER = 16;

    /** Files that wait for one another's windows end some at once, and then none for seconds. */
    private static final long BESIDE_NANOS = 12_000_000_000L;

    /** Times that the files come, and for how long clips are sent then. */
    private static final int ARRIVALS = 5;

    private static final long FIRST_NANOS = 3_000_000_000L;

    /** As long an answer as three seconds of speech have: 10 tokens. */
    private static final int NEW_TOKENS = 2 * 10 - Script.PROMPT.length;

    private CrowdBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        int beams = Integer.parseInt(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        int threads = Integer.parseInt(arguments[4]);
        int batch = Integer.parseInt(arguments[5]);
        TranscribeOptions ofFiles =
                Windows.options(beams).toBuilder().batchSize(batch == 0 ? null : batch).build();
        Windows clip = new Windows(3);
        TranscribeOptions shortAnswer =
                Windows.options(beams).toBuilder().maxNewTokens(NEW_TOKENS).build();
        Samples samples = new Samples();
        AtomicInteger windows = new AtomicInteger();
        try (WhisperEngine engine =
                WhisperEngine.open(
                        models.checkpoint(),
                        new WhisperEngineSettings(
                                ComputeType.INT8,
                                Placement.Cpu.threads(threads),
                                new Admission(MOST_TOGETHER, 2 * MOST_TOGETHER),
                                Long.MAX_VALUE,
                                CacheFolder.at(models.cache()),
                                models.cache()),
                        new Cancellation())) {
            clip.transcribe(engine, shortAnswer);
            for (int i = 0; i < count; i++) {
                samples.time("idle", 1, () -> clip.transcribe(engine, shortAnswer));
            }
            Cancellation end = new Cancellation();
            CountDownLatch begun = new CountDownLatch(BEFORE);
            List<Thread> files = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                files.add(Thread.startVirtualThread(() -> file(engine, ofFiles, begun, windows, end)));
            }
            begun.await();
            int before = windows.get();
            long start = System.nanoTime();
            for (int i = 0; i < count || System.nanoTime() - start < BESIDE_NANOS; i++) {
                samples.time("four files", 1, () -> clip.transcribe(engine, shortAnswer));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            int windowsBeside = windows.get() - before;
            end.cancel();
            for (Thread file : files) {
                file.join();
            }
            for (int arrival = 0; arrival < ARRIVALS; arrival++) {
                arrival(engine, ofFiles, () -> clip.transcribe(engine, shortAnswer), samples);
            }
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("shape", models.shape().label());
            result.put("beams", beams);
            result.put("threads", threads);
            result.put("batch size of the files", batch);
            result.put("milliseconds", samples.summary());
            result.put("each, idle", samples.all("idle"));
            result.put("each, four files", samples.all("four files"));
            result.put("p95 idle", samples.quantile("idle", 0.95));
            result.put("p95 four files", samples.quantile("four files", 0.95));
            result.put(
                    "p95 ratio",
                    Samples.rounded(
                            samples.quantile("four files", 0.95)
                                    / samples.quantile("idle", 0.95)));
            result.put("each, files just come", samples.all("files just come"));
            result.put("p95 files just come", samples.quantile("files just come", 0.95));
            result.put(
                    "p95 ratio, files just come",
                    Samples.rounded(
                            samples.quantile("files just come", 0.95)
                                    / samples.quantile("idle", 0.95)));
            result.put("windows of the files a second", Samples.rounded(windowsBeside / seconds));
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(Path.of(arguments[6]).toFile(), result);
        }
    }

    /** Clips one after another from the moment on at which the files are sent. */
    private static void arrival(
            WhisperEngine engine, TranscribeOptions ofFiles, Runnable clip, Samples samples)
            throws InterruptedException {
        Cancellation end = new Cancellation();
        List<Thread> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            files.add(
                    Thread.startVirtualThread(() ->
                            file(engine, ofFiles, new CountDownLatch(0), new AtomicInteger(), end)));
        }
        for (long start = System.nanoTime(); System.nanoTime() - start < FIRST_NANOS; ) {
            samples.time("files just come", 1, clip);
        }
        end.cancel();
        for (Thread file : files) {
            file.join();
        }
    }

    private static void file(
            WhisperEngine engine,
            TranscribeOptions options,
            CountDownLatch begun,
            AtomicInteger windows,
            Cancellation end) {
        try {
            engine.transcribe(
                    new Windows(30).source(3600L * AudioSource.SAMPLE_RATE),
                    options,
                    segment -> {
                        begun.countDown();
                        windows.incrementAndGet();
                    },
                    end);
        } catch (EngineException e) {
            if (e.category() != EngineException.Category.CANCELLED) {
                throw e;
            }
        }
    }
}
