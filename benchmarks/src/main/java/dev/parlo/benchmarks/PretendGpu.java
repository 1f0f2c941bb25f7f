package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cuda.CudaNetwork;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs a model by the real CUDA provider on the libraries that {@code benchmarks/cuda/pretend}
 * makes, and prints how many kernels each part launches (matrix products by cuBLAS not counted).
 */
public final class PretendGpu {
    private static final int SLOTS = 4;
    private static final int BEAMS = 5;

    private PretendGpu() {}

    /**
     * @param arguments folder of a CTranslate2 checkpoint, float16 or float32
     */
    public static void main(String[] arguments) throws IOException {
        ComputeType type = ComputeType.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        WeightCache cache =
                new WeightCache(CacheFolder.at(Files.createTempDirectory("parlo-pretend-")));
        for (boolean recorded : new boolean[] {false, true}) {
            try (Gpus gpus = recorded ? Gpus.ofMachine() : Gpus.eager();
                    CudaNetwork network =
                            CudaNetwork.load(
                                    Path.of(arguments[0]),
                                    type,
                                    cache,
                                    gpus.get(0),
                                    new Cancellation());
                    DecodeArena arena = network.openArena(SLOTS)) {
                System.out.println(recorded ? "recorded steps" : "eager steps");
                run(network, arena);
            }
        }
    }

    private static void run(WhisperNetwork network, DecodeArena arena) {
        float[] silence = new float[network.shape().melBands() * 3000];
        DecoderStep step = arena.step();
        count("before", () -> {});
        count("encoder, one window", () -> arena.encoder().encode(silence, 0));
        count(
                "encoder, two windows",
                () -> arena.encoder().encode(List.of(silence, silence), 1));
        count("all recordings, and a prompt", () -> prompt(step, 0, 1));
        count("prompt", () -> prompt(step, 1, BEAMS));
        count("greedy step", () -> step(step, 0, 1));
        count("five beams", () -> step(step, 1, BEAMS));
        count(
                "alignment",
                () -> step.align(0, new AlignmentTask(new int[] {5, 6, 7}, 1, 2, 300)));
    }

    private static void prompt(DecoderStep step, int slot, int width) {
        Probe probe = new Probe(0, new int[] {1, 2});
        StepRow row =
                new StepRow(0, 0, new int[] {5, 6, 7}, TokenMask.NONE, 0, 1501, 1, false, probe);
        step.run(List.of(new WindowStep(slot, width, List.of(row))));
        for (int other = 1; other < width; other++) {
            step.copyRow(slot, width, new RowCopy(0, other, 3));
        }
    }

    private static void step(DecoderStep step, int slot, int width) {
        List<StepRow> rows =
                IntStream.range(0, width)
                        .mapToObj(row ->
                                new StepRow(
                                        row,
                                        3,
                                        new int[] {8},
                                        TokenMask.NONE,
                                        0,
                                        1501,
                                        width == 1 ? 1 : 2 * width,
                                        false,
                                        null))
                        .toList();
        step.run(List.of(new WindowStep(slot, width, rows)));
    }

    private static void count(String what, Runnable work) {
        work.run();
        System.out.printf(Locale.ROOT, "  %-30s %6d kernels%n", what, kernels());
    }

    /** Launched since the last question. */
    private static long kernels() {
        try {
            return (long)
                    Linker.nativeLinker()
                            .downcallHandle(
                                    pretended(),
                                    FunctionDescriptor.of(ValueLayout.JAVA_LONG))
                            .invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // native code throws nothing
            throw new IllegalStateException(e);
        }
    }

    private static MemorySegment pretended() {
        for (String library : List.of("libcudart.so.12", "libcudart.so.13")) {
            try {
                Optional<MemorySegment> counter =
                        SymbolLookup.libraryLookup(library, Arena.global()).find("pretend_kernels");
                if (counter.isPresent()) {
                    return counter.get();
                }
            } catch (IllegalArgumentException notThere) {
                // the other one, then
            }
        }
        throw new IllegalStateException("LD_LIBRARY_PATH names no folder of benchmarks/cuda/pretend");
    }
}
