package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Shape;
import dev.parlo.benchmarks.Windows;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.Gpus;
import java.io.IOException;

/** G5: what a loaded model takes of the GPU, and whether it gives all of it back. */
final class MemoryCheck implements Check {
    /** What the driver and CUDA's libraries may keep for themselves. */
    private static final long LEFT = 64L << 20;

    private final Shape shape;
    private final int cycles;
    private final int requests;

    MemoryCheck(Shape shape, int cycles, int requests) {
        this.shape = shape;
        this.cycles = cycles;
        this.requests = requests;
    }

    @Override
    public void run(Bench bench, Findings findings) throws IOException {
        try (Gpus gpus = bench.gpus()) {
            Gpu gpu = gpus.get(0);
            cycle(bench, gpus, requests); // the first loads CUDA's libraries
            long before = gpu.freeBytes();
            long one = before - cycle(bench, gpus, 1);
            long several = before - cycle(bench, gpus, requests);
            findings.tell(shape.label() + ": loaded, 1 window, MiB", one >> 20);
            findings.tell(
                    shape.label() + ": each further window, MiB",
                    requests == 1 ? "-" : ((several - one) / (requests - 1)) >> 20);
            for (int i = 0; i < cycles; i++) {
                cycle(bench, gpus, requests);
            }
            long lost = before - gpu.freeBytes();
            findings.require(
                    shape.label() + ": not given back after " + cycles + " loads, MiB",
                    lost >> 20,
                    "≤ " + (LEFT >> 20),
                    lost <= LEFT);
        }
    }

    /** Loads, transcribes a window, unloads; returns what was free while it was loaded. */
    private long cycle(Bench bench, Gpus gpus, int windows) throws IOException {
        try (SpeechToText engine = bench.open(bench.checkpoint(shape), bench.type(), windows, gpus)) {
            engine.transcribe(
                    new Windows().source(16_000L * 30),
                    Windows.options(1),
                    segment -> {},
                    new Cancellation());
            return gpus.get(0).freeBytes();
        }
    }
}
