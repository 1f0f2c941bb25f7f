package dev.parlo.engine.whisper.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.cuda.CudaException;
import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.HostMemoryDriver;
import dev.parlo.engine.cuda.RecordingDriver.Call;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What a step asks of the driver, what it leaves behind, and failures of the driver. */
final class CudaDriverCallsTest extends DecoderOnHost {
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
    void threeThousandStepsLeaveNothingBehind() throws IOException {
        Random random = new Random(9);
        try (DecodeArena arena = device.openArena(SLOTS)) {
            arena.encoder().encode(mel(1), 0);
            arena.encoder().encode(mel(2), 1);
            work(arena.step(), random, 500);
            long free = driver.freeBytes();
            long handles = api.openHandles();
            long resident = residentBytes();
            work(arena.step(), random, 3_000);
            assertThat(driver.freeBytes()).isEqualTo(free);
            assertThat(api.openHandles()).isEqualTo(handles);
            assertThat(residentBytes() - resident).isLessThan(48L << 20);
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
