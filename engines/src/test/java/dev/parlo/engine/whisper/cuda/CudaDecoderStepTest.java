package dev.parlo.engine.whisper.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.CudaDriver;
import dev.parlo.engine.cuda.CudaException;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.HostMemoryDriver;
import dev.parlo.engine.cuda.RecordingDriver;
import dev.parlo.engine.cuda.RecordingDriver.Call;
import dev.parlo.engine.cuda.StubDriver;
import dev.parlo.engine.onnx.capi.OrtApi;
import dev.parlo.engine.whisper.checkpoint.CheckpointWriter;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepResult.Candidates;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.graph.SelfAttention;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The step of a GPU on the processor's memory, beside the processor's own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaDecoderStepTest {
    private static final WhisperShape SHAPE = new WhisperShape(128, 2, 2, 2, 1900, 80, 512, 448);
    private static final int TEXT = 399;
    private static final int SLOTS = 3;
    private static final long CAPACITY = 1L << 30;

    private final OrtApi api = OrtApi.ofJava();
    private final RecordingDriver driver = new RecordingDriver(new HostMemoryDriver(CAPACITY));

    private Path directory;
    private Gpu gpu;
    private CudaNetwork device;
    private CpuNetwork processor;

    @BeforeAll
    void load(@TempDir Path directory) throws IOException {
        CheckpointWriter.random(SHAPE, DataType.FLOAT32, 7)
                .write(directory.resolve("checkpoint"), "[[1, 1], [0, 1], [1, 0]]");
        gpu = Gpu.onHost(api, driver);
        device = network(directory.resolve("checkpoint"), SelfAttention.GROUPED);
        processor =
                CpuNetwork.load(
                        directory.resolve("checkpoint"),
                        new ComputePlan(ComputeType.FLOAT32, true),
                        weights(directory.resolve("cache")),
                        Placement.Cpu.threads(1),
                        new Cancellation());
        this.directory = directory;
    }

    private CudaNetwork network(Path checkpoint, SelfAttention attention) {
        return network(checkpoint, attention, gpu);
    }

    private static CudaNetwork network(Path checkpoint, SelfAttention attention, Gpu gpu) {
        return CudaNetwork.load(
                checkpoint,
                ComputeType.FLOAT32,
                attention,
                weights(checkpoint.resolveSibling("cache")),
                gpu,
                new Cancellation());
    }

    private static CudaNetwork network(Path checkpoint, ComputeType type, Gpu gpu) {
        return CudaNetwork.load(
                checkpoint,
                type,
                weights(checkpoint.resolveSibling("cache")),
                gpu,
                new Cancellation());
    }

    private static WeightCache weights(Path directory) {
        return new WeightCache(CacheFolder.at(directory));
    }

    @AfterAll
    void close() {
        device.close();
        processor.close();
        gpu.close();
    }

    private static float[] mel(long seed) {
        Random random = new Random(seed);
        float[] mel = new float[80 * 3000];
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) random.nextGaussian();
        }
        return mel;
    }

    private static StepRow row(int row, int position, int... tokens) {
        return new StepRow(row, position, tokens, TokenMask.NONE, 0, 1501, 3, true, null);
    }

    private static List<StepResult> run(DecoderStep step, int slot, int width, StepRow... rows) {
        return step.run(List.of(new WindowStep(slot, width, List.of(rows)))).getFirst();
    }

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

    private static TokenMask mask(Random random) {
        if (random.nextInt(3) == 0) {
            return TokenMask.NONE;
        }
        BitSet banned = new BitSet();
        random.ints(50, 0, TEXT).forEach(banned::set);
        banned.set(0, random.nextBoolean() ? TEXT - 20 : 0);
        return new TokenMask(banned);
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
            assertThat(together.encoder().most()).isEqualTo(SLOTS);
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

    @Test
    void aStepIsOneCopyUpAndOneDownInTheDecodersStream() {
        driver.calls();
        try (DecodeArena arena = device.openArena(SLOTS)) {
            long urgent =
                    driver.calls().stream()
                            .filter(call -> call.name().equals("createUrgentStream"))
                            .findFirst()
                            .orElseThrow()
                            .stream();
            arena.encoder().encode(mel(1), 0);
            List<Call> encoding = moved(driver.calls());
            assertThat(encoding).extracting(Call::name).containsExactly("upload", "synchronize");
            assertThat(encoding.getFirst().bytes()).isEqualTo(80 * 3000 * 4);

            StepRow first = new StepRow(0, 0, new int[] {5}, TokenMask.NONE, 0, 0, 1, false, null);
            StepRow next = new StepRow(0, 1, new int[] {7}, TokenMask.NONE, 0, 0, 1, false, null);
            run(arena.step(), 0, 1, first);
            driver.calls();
            run(arena.step(), 0, 1, next);
            List<Call> calls = driver.calls();
            assertThat(calls)
                    .as("nothing is allocated, freed or made for a step")
                    .extracting(Call::name)
                    .containsExactly("upload", "download", "synchronize");
            assertThat(calls).extracting(Call::stream).containsOnly(urgent);
            assertThat(calls).extracting(Call::thread).containsOnly(Thread.currentThread());
            assertThat(calls.getFirst().stream())
                    .as("the encoder computes beside it")
                    .isNotEqualTo(encoding.getFirst().stream());
            int chunks = 8; // 399 ids of text in two, 1501 timestamps in six
            assertThat(calls.get(1).bytes())
                    .as("candidates and sums, and not the vocabulary")
                    .isBetween((long) chunks * 9, (long) SHAPE.vocabularySize() * 4 - 1);
        }
    }

    private static List<Call> moved(List<Call> calls) {
        return calls.stream().filter(call -> call.stream() != 0).toList();
    }

    @Test
    void aBeamThatIsDoubledIsOneBlockOfThePrefixThatDiffers() {
        try (DecodeArena arena = device.openArena(1)) {
            arena.encoder().encode(mel(1), 0);
            DecoderStep step = arena.step();
            run(step, 0, 2, row(0, 0, 5, 17, 120));
            driver.calls();
            step.copyRow(0, 2, new RowCopy(0, 1, 3));
            int token = 2 * 2 * SHAPE.decoderLayers() * 64 * Float.BYTES; // heads, keys and values
            assertThat(driver.calls())
                    .singleElement()
                    .satisfies(call -> {
                        assertThat(call.name()).isEqualTo("copy");
                        assertThat(call.bytes()).isEqualTo(3L * token);
                    });
            run(step, 0, 2, row(0, 3, 7), row(1, 3, 9));
            driver.calls();
            step.copyRow(0, 2, new RowCopy(1, 0, 4));
            assertThat(driver.calls())
                    .singleElement()
                    .satisfies(call -> assertThat(call.bytes()).isEqualTo(token));
        }
    }

    @Test
    void aDecoderBelongsToOnePlatformThread() throws Exception {
        try (DecodeArena arena = device.openArena(1)) {
            arena.encoder().encode(mel(1), 0);
            FutureTask<List<StepResult>> virtual =
                    new FutureTask<>(() -> run(arena.step(), 0, 1, row(0, 0, 5)));
            Thread.ofVirtual().start(virtual);
            assertThatThrownBy(virtual::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(IllegalStateException.class);
            run(arena.step(), 0, 1, row(0, 0, 5));
            FutureTask<List<StepResult>> second =
                    new FutureTask<>(() -> run(arena.step(), 0, 1, row(0, 1, 6)));
            Thread.ofPlatform().start(second);
            assertThatThrownBy(second::get).hasMessageContaining("belongs to");
        }
    }

    @Test
    void everyNumberOfSlotsIsRecordedBeforeTheFirstWindowIsDecoded() {
        try (DecodeArena arena = device.openArena(SLOTS)) {
            arena.encoder().encode(mel(1), 0);
            driver.calls();
            run(arena.step(), 0, 1, row(0, 0, 5, 6));
            long runs =
                    driver.calls().stream().filter(call -> call.name().equals("download")).count();
            int sizes = 3; // 1, 2 and 3 slots
            int kinds = 2; // greedy rows and beams
            assertThat(runs - 2) // the prompt's own, and its logits
                    .isEqualTo(sizes * kinds * 3);
        }
    }

    @Test
    void aRecordingThatFailsLeavesStepsThatAreNotRecorded() {
        int captureUnsupported = 900;
        try (DecodeArena one = device.openArena(SLOTS);
                DecodeArena other = device.openArena(SLOTS)) {
            one.encoder().encode(mel(1), 0);
            other.encoder().encode(mel(1), 0);
            driver.failNextRead(captureUnsupported);
            for (int position = 0; position < 3; position++) {
                StepRow row = row(0, position, 5 + position);
                assertThat(run(one.step(), 0, 1, row).getFirst().logits())
                        .isEqualTo(run(other.step(), 0, 1, row).getFirst().logits());
            }
        }
    }

    @Test
    void aFailureOfTheDriverLosesTheDeviceAndTooLittleMemoryDoesNot() {
        try (DecodeArena arena = device.openArena(1)) {
            arena.encoder().encode(mel(1), 0);
            run(arena.step(), 0, 1, row(0, 0, 5));
            int illegalAddress = 700;
            driver.failNextWait(illegalAddress);
            assertThatThrownBy(() -> run(arena.step(), 0, 1, row(0, 1, 6)))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.DEVICE_LOST));
            driver.failNextWait(illegalAddress);
            assertThatThrownBy(() -> arena.encoder().encode(mel(1), 0))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.DEVICE_LOST));
            driver.failNextWait(CudaException.OUT_OF_MEMORY);
            assertThatThrownBy(() -> run(arena.step(), 0, 1, row(0, 1, 6)))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.NO_SPACE));
        }
    }

    @Test
    void tooLittleMemoryIsSaidWithWhatIsNeeded() {
        long weights = device.weightBytes();
        HostMemoryDriver small = new HostMemoryDriver(weights + 2 * device.slotBytes() + (4 << 20));
        try (Gpu little = Gpu.onHost(api, small)) {
            try (CudaNetwork network =
                    network(directory.resolve("checkpoint"), ComputeType.FLOAT32, little)) {
                long left = small.freeBytes();
                assertThat(network.memoryForWindows(0)).isBetween(left / 2, left - 1);
                assertThatThrownBy(() -> network.openArena(4))
                        .isInstanceOfSatisfying(
                                EngineException.class,
                                e ->
                                        assertThat(e.category())
                                                .isEqualTo(EngineException.Category.NO_SPACE))
                        .hasMessageContaining("MB are needed for");
                assertThat(small.freeBytes()).as("of what fitted, all is freed").isEqualTo(left);
            }
            assertThat(small.freeBytes()).isEqualTo(weights + 2 * device.slotBytes() + (4 << 20));
        }
    }

    @Test
    void tenThousandStepsLeaveNothingBehind() throws IOException {
        Random random = new Random(9);
        try (DecodeArena arena = device.openArena(SLOTS)) {
            arena.encoder().encode(mel(1), 0);
            arena.encoder().encode(mel(2), 1);
            work(arena.step(), random, 500);
            long free = driver.freeBytes();
            long handles = api.openHandles();
            long resident = residentBytes();
            work(arena.step(), random, 10_000);
            assertThat(driver.freeBytes()).isEqualTo(free);
            assertThat(api.openHandles()).isEqualTo(handles);
            assertThat(residentBytes() - resident).isLessThan(96L << 20);
        }
        assertThat(api.openHandles()).isPositive();
    }

    /** Windows of all kinds, each released before the next. */
    private static void work(DecoderStep step, Random random, int steps) {
        int done = 0;
        while (done < steps) {
            int width = new int[] {1, 5, 5, 7}[random.nextInt(4)];
            int[] prompt = random.ints(1 + random.nextInt(6), 0, TEXT).toArray();
            Probe probe = new Probe(0, new int[] {1, 2});
            StepRow first = new StepRow(0, 0, prompt, TokenMask.NONE, 0, 1501, 1, false, probe);
            run(step, 0, width, first);
            run(step, 1, width, first);
            for (int i = 0; i < 60; i++) {
                int position = prompt.length + i;
                StepRow row =
                        new StepRow(
                                0,
                                position,
                                new int[] {random.nextInt(TEXT)},
                                mask(random),
                                i,
                                1501,
                                width,
                                i % 20 == 0,
                                null);
                step.run(
                        List.of(
                                new WindowStep(0, width, List.of(row)),
                                new WindowStep(1, width, List.of(row))));
                if (width > 1) {
                    step.copyRow(0, width, new RowCopy(0, 1, position));
                }
                done++;
            }
            step.align(1, new AlignmentTask(new int[] {5, 6, 7}, 1, 2, 300));
            step.release(0);
            step.release(1);
        }
    }

    private static long residentBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
        return Long.parseLong(pages[1]) * 4096;
    }
}
