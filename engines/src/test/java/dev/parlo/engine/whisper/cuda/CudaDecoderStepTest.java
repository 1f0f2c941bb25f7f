package dev.parlo.engine.whisper.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.cuda.CudaDriver;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.StubDriver;
import dev.parlo.engine.whisper.checkpoint.CheckpointWriter;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Candidates;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.SelfAttention;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step of a GPU on the processor's memory gives what the processor's own gives. */
final class CudaDecoderStepTest extends DecoderOnHost {
    /** What a slot's search holds, as the simplest model of it. */
    private static final class Search {
        final int width;
        final int[] held;

        Search(int width) {
            this.width = width;
            this.held = new int[width];
        }
    }

    @Test
    void whateverIsDoneInWhateverOrderGivesWhatTheProcessorsStepGives() {
        randomWork(device, 300);
    }

    /** For floats a GPU has no kernel of the one operator: it computes them the other way. */
    @Test
    void theOtherWayToAttendGivesTheSame() {
        try (CudaNetwork scattered =
                network(directory.resolve("checkpoint"), SelfAttention.SCATTERED)) {
            randomWork(scattered, 120);
            try (DecodeArena one = scattered.openArena(1);
                    DecodeArena other = device.openArena(1)) {
                AlignmentTask task = new AlignmentTask(new int[] {5, 17, 120, 33}, 1, 3, 300);
                one.encoder().encode(mel(2), 0);
                other.encoder().encode(mel(2), 0);
                assertThat(one.step().align(0, task).scores())
                        .containsExactly(other.step().align(0, task).scores(), within(2e-4f));
            }
        }
    }

    private void randomWork(CudaNetwork network, int steps) {
        Random random = new Random(5);
        try (DecodeArena one = network.openArena(SLOTS);
                DecodeArena other = processor.openArena(SLOTS)) {
            @Nullable Search[] searches = new @Nullable Search[SLOTS];
            for (int i = 0; i < steps; i++) {
                int slot = random.nextInt(SLOTS);
                Search search = searches[slot];
                if (search == null) {
                    float[] mel = mel(random.nextInt(4));
                    one.encoder().encode(mel, slot);
                    other.encoder().encode(mel, slot);
                    Search begun = new Search(new int[] {1, 3, 5, 8}[random.nextInt(4)]);
                    searches[slot] = begun;
                    prompt(begun, slot, random, one.step(), other.step());
                } else if (random.nextInt(20) == 0) {
                    one.step().release(slot);
                    other.step().release(slot);
                    searches[slot] = null;
                } else if (search.width > 1 && random.nextInt(3) == 0) {
                    int from = random.nextInt(search.width);
                    int to = (from + 1 + random.nextInt(search.width - 1)) % search.width;
                    RowCopy copy = new RowCopy(from, to, search.held[from]);
                    one.step().copyRow(slot, search.width, copy);
                    other.step().copyRow(slot, search.width, copy);
                    search.held[to] = search.held[from];
                } else {
                    List<WindowStep> windows = steps(searches, random);
                    compare(one.step().run(windows), other.step().run(windows));
                }
            }
        }
    }

    private static void prompt(
            Search search, int slot, Random random, DecoderStep one, DecoderStep other) {
        int[] tokens = random.ints(1 + random.nextInt(12), 0, TEXT).toArray();
        Probe probe = new Probe(random.nextInt(tokens.length), new int[] {3, 1899, 40, 398, 399});
        StepRow row = new StepRow(0, 0, tokens, mask(random), 0, 1501, 2, false, probe);
        List<WindowStep> windows = List.of(new WindowStep(slot, search.width, List.of(row)));
        compare(one.run(windows), other.run(windows));
        search.held[0] = tokens.length;
        for (int to = 1; to < search.width; to++) {
            RowCopy copy = new RowCopy(0, to, tokens.length);
            one.copyRow(slot, search.width, copy);
            other.copyRow(slot, search.width, copy);
            search.held[to] = tokens.length;
        }
    }

    /** A token for some rows of some windows, with rules of many kinds. */
    private static List<WindowStep> steps(@Nullable Search[] searches, Random random) {
        List<WindowStep> windows = new ArrayList<>();
        for (int slot = 0; slot < searches.length; slot++) {
            Search search = searches[slot];
            if (search == null || random.nextInt(4) == 0) {
                continue;
            }
            List<StepRow> rows = new ArrayList<>();
            for (int r = 0; r < search.width; r++) {
                if (rows.isEmpty() || random.nextBoolean()) {
                    int from = random.nextInt(1502);
                    rows.add(
                            new StepRow(
                                    r,
                                    search.held[r]++,
                                    new int[] {random.nextInt(SHAPE.vocabularySize())},
                                    mask(random),
                                    from,
                                    random.nextBoolean()
                                            ? 1501
                                            : Math.min(1501, from + random.nextInt(60)),
                                    1 + random.nextInt(2 * search.width),
                                    random.nextInt(5) == 0,
                                    null));
                }
            }
            windows.add(new WindowStep(slot, search.width, rows));
        }
        return windows;
    }

    private static void compare(List<List<StepResult>> found, List<List<StepResult>> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int w = 0; w < found.size(); w++) {
            for (int r = 0; r < found.get(w).size(); r++) {
                StepResult one = found.get(w).get(r);
                StepResult other = expected.get(w).get(r);
                compare(one.text(), other.text());
                compare(one.timestamps(), other.timestamps());
                assertThat(one.logits()).containsExactly(other.logits(), within(2e-4f));
                if (other.probed() != null) {
                    assertThat(Objects.requireNonNull(one.probed()).logits())
                            .containsExactly(other.probed().logits(), within(2e-4f));
                    assertThat(one.probed().logSumExp())
                            .isCloseTo(other.probed().logSumExp(), within(2e-4f));
                }
            }
        }
    }

    private static void compare(Candidates found, Candidates expected) {
        for (int i = 0; i < found.ids().length && expected.logits()[i] > -1e29f; i++) {
            assertThat(found.logits()[i]).isCloseTo(expected.logits()[i], within(2e-4f));
        }
        if (expected.logSumExp() > -1e29f) {
            assertThat(found.ids()).isEqualTo(expected.ids());
            assertThat(found.logSumExp()).isCloseTo(expected.logSumExp(), within(2e-4f));
        } else {
            assertThat(found.logSumExp()).isLessThan(-1e29f);
        }
    }

    @Test
    void windowsThatAreEncodedInOneRunAreAsAlone() {
        try (DecodeArena together = device.openArena(SLOTS);
                DecodeArena alone = device.openArena(SLOTS)) {
            assertThat(together.encoder().together(SLOTS, false)).isEqualTo(SLOTS);
            together.encoder().encode(List.of(mel(5), mel(6)), 1);
            alone.encoder().encode(mel(5), 1);
            alone.encoder().encode(mel(6), 2);
            for (int slot = 1; slot < SLOTS; slot++) {
                assertThat(run(together.step(), slot, 1, row(0, 0, 5, 6)).getFirst().logits())
                        .containsExactly(
                                run(alone.step(), slot, 1, row(0, 0, 5, 6)).getFirst().logits(),
                                within(1e-5f));
            }
        }
    }

    @Test
    void textsAreAlignedAsOnTheProcessor() {
        int[] tokens = {5, 17, 120, 33, 2, 199};
        try (DecodeArena one = device.openArena(2);
                DecodeArena other = processor.openArena(2)) {
            one.encoder().encode(mel(2), 1);
            other.encoder().encode(mel(2), 1);
            AlignmentTask task = new AlignmentTask(tokens, 2, 3, 300);
            Alignment found = one.step().align(1, task);
            Alignment expected = other.step().align(1, task);
            assertThat(found.heads()).isEqualTo(3);
            assertThat(found.scores()).containsExactly(expected.scores(), within(2e-4f));
            assertThat(found.logProbabilities())
                    .containsExactly(expected.logProbabilities(), within(2e-4f));
        }
    }

    /** On a network of one layer: the processor has no fast kernels for half floats. */
    @Test
    void halvesStayCloseToFloats(@TempDir Path folder) throws IOException {
        WhisperShape small = new WhisperShape(64, 1, 1, 1, 1900, 80, 256, 448);
        Path checkpoint = folder.resolve("checkpoint");
        CheckpointWriter.random(small, DataType.FLOAT32, 7).write(checkpoint, "[[0, 0]]");
        try (CudaNetwork halves = network(checkpoint, ComputeType.FLOAT16, gpu);
                CudaNetwork floats = network(checkpoint, ComputeType.FLOAT32, gpu);
                DecodeArena one = halves.openArena(1);
                DecodeArena other = floats.openArena(1)) {
            assertThat(halves.weightBytes()).isLessThan(floats.weightBytes() * 6 / 10);
            assertThat(halves.slotBytes()).isEqualTo(floats.slotBytes() / 2);
            one.encoder().encode(mel(2), 0);
            other.encoder().encode(mel(2), 0);
            for (int position = 0; position < 3; position++) {
                StepRow row = row(0, position, 17 + position);
                float[] rounded = run(one.step(), 0, 1, row).getFirst().logits();
                float[] exact = run(other.step(), 0, 1, row).getFirst().logits();
                double error = 0;
                double norm = 0;
                for (int i = 0; i < exact.length; i++) {
                    error += Math.pow(rounded[i] - exact[i], 2);
                    norm += Math.pow(exact[i], 2);
                }
                assertThat(Math.sqrt(error / norm)).isBetween(1e-6, 0.01);
            }
        }
    }

    /** All that is called of the driver but the driver itself, in one window. */
    @Test
    void theDriversOwnCallsGiveWhatHostMemoryGives(@TempDir Path folder) throws Exception {
        Optional<CudaDriver> stub = StubDriver.compile(folder);
        assumeThat(stub).as("a C compiler").isPresent();
        try (Gpu other = Gpu.onHost(api, stub.orElseThrow());
                CudaNetwork network =
                        network(directory.resolve("checkpoint"), SelfAttention.GROUPED, other);
                DecodeArena one = network.openArena(2);
                DecodeArena reference = device.openArena(2)) {
            for (DecodeArena arena : List.of(one, reference)) {
                arena.encoder().encode(mel(2), 1);
                run(arena.step(), 1, 3, row(0, 0, 5, 17, 120));
                arena.step().copyRow(1, 3, new RowCopy(0, 2, 3));
            }
            StepRow next = row(2, 3, 7);
            assertThat(run(one.step(), 1, 3, next).getFirst().logits())
                    .isEqualTo(run(reference.step(), 1, 3, next).getFirst().logits());
        }
    }

    /** What recording rests on: the run in which a step is recorded is not its only one. */
    @Test
    void aStepThatIsRunTwiceGivesTheSameTwice() {
        try (DecodeArena arena = device.openArena(1)) {
            arena.encoder().encode(mel(2), 0);
            run(arena.step(), 0, 1, row(0, 0, 5, 17));
            for (int position = 2; position < 6; position++) {
                StepRow row = row(0, position, 100 + position);
                float[] once = run(arena.step(), 0, 1, row).getFirst().logits();
                float[] again = run(arena.step(), 0, 1, row).getFirst().logits();
                assertThat(again).isEqualTo(once);
            }
        }
    }
}
