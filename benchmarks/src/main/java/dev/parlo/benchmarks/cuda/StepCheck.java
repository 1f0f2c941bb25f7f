package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Shape;
import dev.parlo.engine.Cancellation;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cuda.CudaNetwork;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** G2: the time of a step by windows and beams, and of the encoder. */
final class StepCheck implements Check {
    private static final int PROMPT = 4;

    private final Shape shape;
    private final boolean recorded;
    private final int steps;
    private final int[] windows;

    /**
     * @param recorded whether steps are recorded as CUDA graphs
     * @param steps of each kind
     * @param windows side by side
     */
    StepCheck(Shape shape, boolean recorded, int steps, int... windows) {
        this.shape = shape;
        this.recorded = recorded;
        this.steps = steps;
        this.windows = windows.clone();
    }

    @Override
    public void run(Bench bench, Findings findings) throws IOException {
        int slots = Arrays.stream(windows).max().orElseThrow();
        try (Gpus gpus = recorded || bench.rehearsal() ? bench.gpus() : Gpus.eager();
                CudaNetwork network =
                        CudaNetwork.load(
                                bench.checkpoint(shape),
                                bench.type(),
                                new WeightCache(bench.cache()),
                                gpus.get(0),
                                new Cancellation());
                DecodeArena arena = network.openArena(slots)) {
            float[] mel = noise(network.shape().melBands() * 3000);
            double[] encoder = new double[slots];
            for (int slot = 0; slot < slots; slot++) {
                long start = System.nanoTime();
                arena.encoder().encode(mel, slot);
                encoder[slot] = (System.nanoTime() - start) / 1e6;
            }
            String how = shape.label() + (recorded ? ", recorded" : ", eager");
            findings.tell(how + ": encoder, ms", number(median(encoder)));
            for (int width : new int[] {1, 5}) {
                for (int count : windows) {
                    findings.tell(
                            String.format(
                                    Locale.ROOT, "%s: step of %d × %d rows, ms", how, count, width),
                            number(time(arena.step(), count, width)));
                }
            }
        }
    }

    private double time(DecoderStep step, int count, int width) {
        for (int slot = 0; slot < count; slot++) {
            step.run(List.of(new WindowStep(slot, width, List.of(row(0, 0, PROMPT, width)))));
            for (int row = 1; row < width; row++) {
                step.copyRow(slot, width, new RowCopy(0, row, PROMPT));
            }
        }
        double[] times = new double[steps];
        for (int i = 0; i < steps; i++) {
            List<WindowStep> all = new ArrayList<>();
            for (int slot = 0; slot < count; slot++) {
                List<StepRow> rows = new ArrayList<>();
                for (int row = 0; row < width; row++) {
                    rows.add(row(row, PROMPT + i, 1, width));
                }
                all.add(new WindowStep(slot, width, rows));
            }
            long start = System.nanoTime();
            step.run(all);
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        for (int slot = 0; slot < count; slot++) {
            step.release(slot);
        }
        return median(times);
    }

    private static StepRow row(int row, int position, int tokens, int width) {
        int[] ids = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            ids[i] = 1000 + 100 * row + i;
        }
        return new StepRow(
                row,
                position,
                ids,
                TokenMask.NONE,
                0,
                1501,
                width == 1 ? 1 : 2 * width,
                false,
                null);
    }

    private static float[] noise(int count) {
        SplittableRandom random = new SplittableRandom(2);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextDouble() * 2 - 1);
        }
        return values;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
    }
}
