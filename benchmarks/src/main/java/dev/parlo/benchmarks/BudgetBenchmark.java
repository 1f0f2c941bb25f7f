package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import tools.jackson.databind.ObjectMapper;

/**
 * What a clip of ten seconds costs by itself and as one of eight, part by part, in processor time;
 * and what of it no company can share, which bounds how much eight clients can gain. The parts take
 * turns; medians of rounds.
 *
 * <p>Arguments: folder of generated models, shape, rounds, threads, {@code docs} folder, a line
 * about the machine.
 */
final class BudgetBenchmark {
    private static final Marks MARKS =
            new Marks("<!-- budget: written by benchmarks/budget.sh -->", "<!-- end of budget -->");

    private static final int CLIENTS = 8;

    /** With less of the cores for a clip alone, other programs run, and the clock tells nothing. */
    private static final double QUIET = 0.7;

    private static final int STEPS = ClientsBenchmark.TEXT_TOKENS;

    private final Samples processor = new Samples();
    private final Samples wall = new Samples();
    private final int rounds;
    private final int threads;

    private BudgetBenchmark(int rounds, int threads) {
        this.rounds = rounds;
        this.threads = threads;
    }

    public static void main(String[] arguments) throws IOException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        BudgetBenchmark budget = new BudgetBenchmark(rounds, Integer.parseInt(arguments[3]));
        budget.measure(models);
        budget.report(models.shape(), Path.of(arguments[4]), arguments[5]);
    }

    private void measure(Models models) throws IOException {
        Windows clips = new Windows(10);
        TranscribeOptions options = ClientsBenchmark.options(1);
        try (CpuNetwork network = network(models);
                DecodeArena arena = network.openArena(2 * CLIENTS);
                WhisperEngine alone = ClientsBenchmark.engine(models, threads, 1);
                WhisperEngine shared = ClientsBenchmark.engine(models, threads, CLIENTS);
                ExecutorService callers = Executors.newFixedThreadPool(CLIENTS)) {
            float[] mel = mel(clips, models.shape());
            for (int slot = 0; slot < 2 * CLIENTS; slot++) {
                arena.encoder().encode(mel, slot);
                prompt(arena, slot);
            }
            for (int round = -1; round < rounds; round++) {
                boolean warm = round >= 0;
                time(warm, "spectrogram", 20, 1, () -> mel(clips, models.shape()));
                time(warm, "encoder, all threads", 3, 1, () -> arena.encoder().encode(mel, 0));
                time(
                        warm,
                        "encoder, side by side",
                        2,
                        threads,
                        () -> arena.encoder().encode(Collections.nCopies(threads, mel), 0));
                time(warm, "prompt", 20, 1, () -> prompt(arena, 0));
                for (int rows : new int[] {1, CLIENTS, 2 * CLIENTS}) {
                    time(warm, "steps of " + rows, 1, rows, () -> steps(arena, rows));
                }
                time(warm, "alone", 4, 1, () -> clips.transcribe(alone, options));
                time(
                        warm,
                        "together",
                        1,
                        CLIENTS,
                        () ->
                                ClientsBenchmark.together(
                                        callers,
                                        CLIENTS,
                                        () -> clips.transcribe(shared, options)));
                System.err.printf(Locale.ROOT, "round %d of %d%n", round + 1, rounds);
            }
        }
    }

    private CpuNetwork network(Models models) throws IOException {
        return CpuNetwork.load(
                models.checkpoint(),
                ComputePlan.forThisProcessor(ComputeType.INT8),
                new WeightCache(CacheFolder.at(models.cache())),
                Placement.Cpu.threads(threads),
                new Cancellation());
    }

    /**
     * @param times so many calls, since processor time is counted in steps of 10 ms
     * @param clips that each call is for
     */
    private void time(boolean warm, String what, int times, int clips, Runnable work) {
        Samples wallInto = warm ? wall : new Samples();
        Samples processorInto = warm ? processor : new Samples();
        processorInto.timeProcessor(
                what,
                1.0 / (times * clips),
                () ->
                        wallInto.time(
                                what,
                                1.0 / (times * clips),
                                () -> IntStream.range(0, times).forEach(i -> work.run())));
    }

    private static float[] mel(Windows clips, Shape shape) {
        try (MelSpectrogram mel =
                new MelSpectrogram(clips.source(), shape.bands(), new Cancellation())) {
            return mel.window(0, mel.contentFrames());
        }
    }

    private static void prompt(DecodeArena arena, int slot) {
        arena.step().run(List.of(new WindowStep(slot, 1, List.of(row(0, Script.PROMPT)))));
    }

    /** As many as a clip has, of one row for each window. */
    private static void steps(DecodeArena arena, int rows) {
        for (int i = 0; i < STEPS; i++) {
            StepRow row = row(Script.PROMPT.length + i, 1000);
            arena.step()
                    .run(
                            IntStream.range(0, rows)
                                    .mapToObj(slot -> new WindowStep(slot, 1, List.of(row)))
                                    .toList());
        }
    }

    private static StepRow row(int position, int... tokens) {
        int end = Shape.VOCABULARY;
        return new StepRow(
                0, position, tokens, TokenMask.NONE, end - 1501, end, 1, false, null);
    }

    private double cpu(String what) {
        return processor.quantile(what, 0.5);
    }

    private void report(Shape shape, Path docs, String machine) throws IOException {
        // What a further row adds to a step of many: what it reads and computes for itself.
        double eight = cpu("steps of " + CLIENTS);
        double own = 2 * cpu("steps of " + 2 * CLIENTS) - eight;
        double sideBySide = cpu("encoder, side by side");
        double mel = cpu("spectrogram");
        Map<String, double[]> rows = new LinkedHashMap<>();
        rows.put("spectrogram", new double[] {mel, mel, mel});
        rows.put("encoder", new double[] {cpu("encoder, all threads"), sideBySide, sideBySide});
        rows.put("prompt of 4 tokens", new double[] {cpu("prompt"), cpu("prompt"), 0});
        rows.put(STEPS + " steps", new double[] {cpu("steps of 1"), eight, Math.min(own, eight)});
        double[] sums = new double[3];
        rows.values().forEach(row -> IntStream.range(0, 3).forEach(i -> sums[i] += row[i]));
        double[] whole = {cpu("alone"), cpu("together"), sums[2]};
        rows.put("the rest", new double[] {whole[0] - sums[0], whole[1] - sums[1], 0});
        rows.put("**all**", whole);
        double wallAlone = wall.quantile("alone", 0.5);
        double wallTogether = wall.quantile("together", 0.5);
        StringBuilder page = new StringBuilder(machine).append("\n\n");
        page.append(
                String.format(
                        Locale.ROOT,
                        "| %s, greedy, processor ms a clip | alone | one of %d | not to be shared"
                                + " |\n|---|---:|---:|---:|%n",
                        shape.label(),
                        CLIENTS));
        rows.forEach((what, ms) ->
                page.append(
                        String.format(
                                Locale.ROOT,
                                "| %s | %.1f | %.1f | %.1f |%n",
                                what,
                                ms[0],
                                ms[1],
                                ms[2])));
        page.append(
                String.format(
                        Locale.ROOT,
                        "| gain in processor time | | **%.2f** | **%.2f** |%n",
                        whole[0] / whole[1],
                        whole[0] / whole[2]));
        if (whole[0] / wallAlone > QUIET * threads) {
            page.append(
                    String.format(
                            Locale.ROOT,
                            "| cores busy | %.2f | %.2f | %d |%n| ms until all are done, a clip"
                                    + " | %.1f | %.1f | %.1f |%n| gain | | **%.2f** | **%.2f** |%n",
                            whole[0] / wallAlone,
                            whole[1] / wallTogether,
                            threads,
                            wallAlone,
                            wallTogether,
                            whole[2] / threads,
                            wallAlone / wallTogether,
                            wallAlone * threads / whole[2]));
        }
        System.out.print(page);
        MARKS.fill(docs.resolve("benchmarks.md"), page);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("machine", machine);
        result.put("milliseconds", wall.summary());
        result.put("processor milliseconds", processor.summary());
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve("benchmarks-budget.json").toFile(), result);
    }
}
