package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Shape;
import dev.parlo.benchmarks.Windows;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.cuda.Gpus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** G3: seconds of audio for a second of the clock, of one request and of several at a time. */
final class ThroughputCheck implements Check {
    private static final int SECONDS = 30;
    private static final long SAMPLES = 16_000L * SECONDS;

    private final Shape shape;
    private final int clients;
    private final int windows;
    private final double single;
    private final double together;

    /**
     * @param windows of 30 s and 100 words of each request
     * @param single the goal of one request; 0 for none
     * @param together the goal of all; 0 for none
     */
    ThroughputCheck(Shape shape, int clients, int windows, double single, double together) {
        this.shape = shape;
        this.clients = clients;
        this.windows = windows;
        this.single = single;
        this.together = together;
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        try (Gpus gpus = bench.gpus();
                SpeechToText engine =
                        bench.open(bench.checkpoint(shape), bench.type(), clients, gpus);
                ExecutorService callers = Executors.newFixedThreadPool(clients)) {
            long start = System.nanoTime();
            int words = transcribe(engine, 1, 1); // records, and finds its kernels
            findings.tell(shape.label() + ": first window, ms", (System.nanoTime() - start) / 1_000_000);
            findings.tell(shape.label() + ": tokens of a window", words);
            for (int beams : new int[] {1, 5}) {
                String how = shape.label() + (beams == 1 ? ", greedy" : ", " + beams + " beams");
                start = System.nanoTime();
                transcribe(engine, beams, windows);
                tell(findings, how + ", 1 request", 1, start, beams == 1 ? single : 0);
                start = System.nanoTime();
                together(callers, engine, beams);
                tell(findings, how + ", " + clients + " requests", clients, start, beams == 1 ? together : 0);
            }
        }
    }

    private void together(ExecutorService callers, SpeechToText engine, int beams) {
        List<CompletableFuture<?>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            running.add(
                    CompletableFuture.supplyAsync(
                            () -> transcribe(engine, beams, windows), callers));
        }
        running.forEach(CompletableFuture::join);
    }

    private void tell(Findings findings, String what, int requests, long start, double goal) {
        double elapsed = (System.nanoTime() - start) / 1e9;
        double factor = (double) requests * windows * SECONDS / elapsed;
        String value = String.format(Locale.ROOT, "%.1f × real time", factor);
        if (goal > 0) {
            findings.require(
                    what, value, String.format(Locale.ROOT, "≥ %.0f", goal), factor >= goal);
        } else {
            findings.tell(what, value);
        }
    }

    /** Returns the tokens of the first window. */
    private static int transcribe(SpeechToText engine, int beams, int windows) {
        List<Integer> counts = new ArrayList<>();
        engine.transcribe(
                new Windows().source(windows * SAMPLES),
                Windows.options(beams),
                segment -> counts.add(segment.tokens().length),
                new Cancellation());
        return counts.isEmpty() ? 0 : counts.getFirst();
    }
}
