package dev.parlo.engine.whisper.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowEncoder;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows, rows and their memory in the slots of one step. */
final class CpuDecoderSlotsTest extends DecoderBesideReference {
    @Test
    void anotherRowsTokensAndWindowNeverChangeAResult() {
        try (DecodeArena arena = int8.openArena(3)) {
            arena.encoder().encode(mel, 1);
            DecoderStep step = arena.step();
            run(step, 1, 2, row(0, 0, 5, 17));
            float[] alone = run(step, 1, 2, row(0, 2, 120)).getFirst().logits();

            arena.encoder().encode(randomMel(8), 0);
            arena.encoder().encode(randomMel(9), 2);
            step.run(
                    List.of(
                            new WindowStep(0, 2, List.of(row(1, 0, 9))),
                            new WindowStep(2, 2, List.of(row(0, 0, 1, 2, 3, 4))),
                            new WindowStep(1, 2, List.of(row(0, 0, 5, 17)))));
            List<List<StepResult>> together =
                    step.run(
                            List.of(
                                    new WindowStep(0, 2, List.of(row(1, 1, 60))),
                                    new WindowStep(1, 2, List.of(row(0, 2, 120))),
                                    new WindowStep(2, 2, List.of(row(0, 4, 11)))));
            float[] among = together.get(1).getFirst().logits();
            for (int i = 0; i < alone.length; i++) {
                assertThat(among[i]).isCloseTo(alone[i], within(1e-4f));
            }
        }
    }

    @Test
    void searchesOfEveryWidthKeepRowsOfTheirOwn() {
        try (DecodeArena arena = model.openArena(2)) {
            arena.encoder().encode(mel, 0);
            arena.encoder().encode(mel, 1);
            DecoderStep step = arena.step();
            long before = arena.bytes();
            List<StepRow> first = List.of(row(0, 0, TOKENS[0]));
            List<StepRow> second = List.of(row(0, 1, TOKENS[1]));
            step.run(List.of(new WindowStep(0, 1, first), new WindowStep(1, 9, first)));
            assertThat(arena.bytes())
                    .as("one row for one window, nine for the other")
                    .isEqualTo(before + 10 * RowCache.bytes(SHAPE));
            List<List<StepResult>> both =
                    step.run(List.of(new WindowStep(0, 1, second), new WindowStep(1, 9, second)));
            for (List<StepResult> results : both) {
                assertThat(worst(results.getFirst().logits(), expected[1])).isLessThan(TOLERANCE);
            }
            step.release(1);
            assertThat(arena.bytes()).isEqualTo(before + RowCache.bytes(SHAPE));
        }
    }

    @Test
    void memoryIsThatOfTheSlotsThatWereUsedAndIsGivenBackUpToTheFirst() {
        try (DecodeArena arena = model.openArena(16)) {
            assertThat(arena.bytes()).isZero();
            DecoderStep step = arena.step();
            for (int slots = 1; slots <= 3; slots++) {
                arena.encoder().encode(mel, slots - 1);
                run(step, slots - 1, 1, row(0, 0, TOKENS[0]));
                run(step, slots - 1, 5, row(0, 0, TOKENS[0]));
                assertThat(arena.bytes())
                        .isEqualTo(EncoderRun.bytes(SHAPE) + slots * model.slotBytes());
            }
            for (int slot = 0; slot < 3; slot++) {
                step.release(slot);
            }
            arena.trim();
            assertThat(arena.bytes()).isEqualTo(EncoderRun.bytes(SHAPE) + model.slotBytes());
            arena.encoder().encode(mel, 2);
            StepResult result = run(step, 2, 5, row(0, 0, TOKENS[0])).getFirst();
            assertThat(worst(result.logits(), expected[0])).isLessThan(TOLERANCE);
            assertThat(arena.bytes())
                    .as("no greedy rows")
                    .isEqualTo(
                            EncoderRun.bytes(SHAPE)
                                    + 3 * model.slotBytes()
                                    - 2 * RowCache.bytes(SHAPE));
        }
    }

    @Test
    void idleRowsOfARunKeepWhatTheyHold() {
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(mel, 0);
            DecoderStep step = arena.step();
            run(step, 0, 4, row(1, 0, 5, 17));
            run(step, 0, 4, row(0, 0, 3), row(3, 0, 4));
            StepResult result = run(step, 0, 4, row(1, 2, 120)).getFirst();
            assertThat(worst(result.logits(), expected[2])).isLessThan(TOLERANCE);
        }
    }

    @Test
    void aCopiedRowGoesOnWhereItsParentWas() {
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(mel, 0);
            DecoderStep step = arena.step();
            run(step, 0, 3, row(0, 0, 5, 17, 120));
            run(step, 0, 3, row(2, 0, 5, 99, 98));
            step.copyRow(0, 3, new RowCopy(0, 2, 3));
            List<StepResult> both = run(step, 0, 3, row(0, 3, 7), row(2, 3, 1650));
            assertThat(worst(both.get(1).logits(), expected[3])).isLessThan(TOLERANCE);
        }
    }

    /**
     * The same tokens of another audio have other keys: what rows held of it must not be reused.
     */
    @Test
    void newAudioInASlotLeavesNothingOfTheOld() {
        try (DecodeArena arena = model.openArena(1)) {
            DecoderStep step = arena.step();
            arena.encoder().encode(randomMel(8), 0);
            run(step, 0, 2, row(0, 0, 5, 17, 120));
            step.copyRow(0, 2, new RowCopy(0, 1, 3));
            arena.encoder().encode(mel, 0);
            run(step, 0, 2, row(0, 0, 5, 17, 120));
            step.copyRow(0, 2, new RowCopy(0, 1, 3));
            StepResult copied = run(step, 0, 2, row(1, 3, 1650)).getFirst();
            assertThat(worst(copied.logits(), expected[3])).isLessThan(TOLERANCE);
        }
    }

    /** Neighbours of one length, one of another length, one far off, and a beam's. */
    @Test
    void promptsOfSeveralWindowsInOneStepAreWhatEachIsAlone() {
        try (DecodeArena arena = model.openArena(8)) {
            List<WindowStep> windows = new ArrayList<>();
            int[] slots = {2, 0, 1, 3, 6, 5};
            for (int slot : slots) {
                arena.encoder().encode(mel, slot);
                int tokens = slot == 3 ? 2 : 4;
                int width = slot == 5 ? 5 : 1;
                StepRow prompt = row(0, 0, Arrays.copyOf(TOKENS, tokens));
                windows.add(new WindowStep(slot, width, List.of(prompt)));
            }
            List<List<StepResult>> results = arena.step().run(windows);
            for (int i = 0; i < slots.length; i++) {
                double[] exact = expected[slots[i] == 3 ? 1 : 3];
                assertThat(worst(results.get(i).getFirst().logits(), exact))
                        .as("slot %d", slots[i])
                        .isLessThan(TOLERANCE);
                StepRow next = row(0, slots[i] == 3 ? 2 : 4, TOKENS[slots[i] == 3 ? 2 : 4]);
                int width = slots[i] == 5 ? 5 : 1;
                StepResult goneOn = run(arena.step(), slots[i], width, next).getFirst();
                assertThat(worst(goneOn.logits(), expected[slots[i] == 3 ? 2 : 4]))
                        .as("slot %d goes on", slots[i])
                        .isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void asManyClipsAsThreadsAreEncodedSideBySideAndAreAsAlone() {
        try (CpuNetwork two = network(new ComputePlan(ComputeType.FLOAT32, true), cache, 2);
                DecodeArena arena = two.openArena(4)) {
            WindowEncoder encoder = arena.encoder();
            assertThat(encoder.together(1, true)).isEqualTo(1);
            assertThat(encoder.together(2, true)).isEqualTo(2);
            assertThat(encoder.together(3, true)).isEqualTo(2);
            assertThat(encoder.together(3, false)).as("files have time").isEqualTo(1);
            double[][] ofShort = Objects.requireNonNull(expectedOfShort.get(37));
            encoder.encode(List.of(randomMel(37, 74), mel), 1);
            assertThat(arena.bytes())
                    .as("slots, weights once more, and what two runs need")
                    .isEqualTo(
                            3 * CrossCache.bytes(SHAPE)
                                    + two.encoderBytes() * 70 / 100
                                    + 2 * EncoderRun.bytes(SHAPE));
            encoder.encode(mel, 0);
            assertThat(arena.bytes())
                    .as("and what a run of the network's own encoder needs")
                    .isEqualTo(
                            3 * CrossCache.bytes(SHAPE)
                                    + two.encoderBytes() * 70 / 100
                                    + 3 * EncoderRun.bytes(SHAPE));
            for (int slot = 1; slot < 3; slot++) {
                StepResult result = run(arena.step(), slot, 1, row(0, 0, TOKENS[0])).getFirst();
                double[] exact = slot == 1 ? ofShort[0] : expected[0];
                assertThat(worst(result.logits(), exact)).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void oneThreadOrManyEncodeOneWindowAfterAnother() {
        for (int threads : new int[] {1, 5}) {
            try (CpuNetwork network =
                            network(new ComputePlan(ComputeType.FLOAT32, true), cache, threads);
                    DecodeArena arena = network.openArena(16)) {
                assertThat(arena.encoder().together(8, true)).isEqualTo(1);
            }
        }
    }

    @Test
    void theBudgetHoldsWindowsRunsAndEncodersSideBySide() {
        for (int threads : new int[] {1, 2, 4, 5}) {
            try (CpuNetwork network =
                    network(new ComputePlan(ComputeType.FLOAT32, true), cache, threads)) {
                long most = 0;
                long slot = network.slotBytes();
                Map<Integer, Long> beside = new HashMap<>();
                for (long budget = 0; budget < 60 * slot; budget += slot / 3) {
                    long slots = network.memoryForWindows(budget) / slot;
                    assertThat(slots).isGreaterThanOrEqualTo(most);
                    most = slots;
                    if (slots > 0) {
                        long needed =
                                beside.computeIfAbsent((int) slots, many -> needed(network, many));
                        assertThat(slots * slot + needed).isLessThanOrEqualTo(budget);
                    }
                }
                assertThat(most).isGreaterThan(2L * threads);
            }
        }
    }

    /** Memory beside that of windows when all that there can be is used. */
    private long needed(CpuNetwork network, int slots) {
        int threads = network.placement().threads();
        try (DecodeArena arena = network.openArena(slots)) {
            boolean crowds = arena.encoder().together(threads, true) > 1;
            long sideBySide = network.encoderBytes() * 70 / 100 + threads * EncoderRun.bytes(SHAPE);
            return network.weightBytes() + EncoderRun.bytes(SHAPE) + (crowds ? sideBySide : 0);
        }
    }

    @Test
    void whicheverPartOfAnArenaCannotBeMadeThoseBeforeItAreClosed() {
        List<Integer> parts = new ArrayList<>();
        parts.add(
                FailingResources.parts(
                        resources -> new CpuDecodeArena(model, 2, resources).close()));
        try (CrossCache cross = new CrossCache(model.environment(), SHAPE, 2);
                RowCaches rows = new RowCaches(model.environment(), SHAPE, 2)) {
            parts.add(
                    FailingResources.parts(resources ->
                            new CpuDecoderStep(model, cross, rows, 2, resources).close()));
            parts.add(
                    FailingResources.parts(
                            resources -> new EncoderRun(model, cross, resources).close()));
            parts.add(
                    FailingResources.parts(resources ->
                            new EncodersSideBySide(model, cross, 2, resources).close()));
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
        assertThat(parts).containsExactly(4, 3, 2, 4);
    }

    @Test
    void clipsAreEncodedAlsoWhenTheConvertedWeightsAreGone(@TempDir Path gone) throws IOException {
        try (CpuNetwork two = network(new ComputePlan(ComputeType.FLOAT32, true), gone, 2);
                DecodeArena arena = two.openArena(4)) {
            try (Stream<Path> files = Files.walk(gone)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
            arena.encoder().encode(List.of(mel, mel), 0);
            for (int slot = 0; slot < 2; slot++) {
                StepResult result = run(arena.step(), slot, 1, row(0, 0, TOKENS[0])).getFirst();
                assertThat(worst(result.logits(), expected[0])).isLessThan(TOLERANCE);
            }
            assertThat(arena.encoder().together(2, true)).as("from now on").isEqualTo(1);
        }
    }

    @Test
    void aWindowThatIsNotOneFailsTheOthersOfItsRunOnceAllHaveEnded() {
        try (CpuNetwork two = network(new ComputePlan(ComputeType.FLOAT32, true), cache, 2);
                DecodeArena arena = two.openArena(4)) {
            assertThatThrownBy(() -> arena.encoder().encode(List.of(new float[7], mel), 0))
                    .isInstanceOf(IllegalArgumentException.class);
            arena.encoder().encode(List.of(mel, mel), 0);
            StepResult result = run(arena.step(), 0, 1, row(0, 0, TOKENS[0])).getFirst();
            assertThat(worst(result.logits(), expected[0])).isLessThan(TOLERANCE);
        }
    }

    /** What batching rests on: the encoder leaves alone whatever the step's thread works with. */
    @Test
    void aWindowIsEncodedWhileOthersAreDecoded() throws Exception {
        try (DecodeArena arena = model.openArena(2)) {
            arena.encoder().encode(mel, 0);
            Thread encoding =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < 5; i++) {
                                    arena.encoder().encode(randomMel(i), 1);
                                }
                            });
            do {
                for (int t = 0; t < TOKENS.length; t++) {
                    StepResult result = run(arena.step(), 0, 1, row(0, t, TOKENS[t])).getFirst();
                    assertThat(worst(result.logits(), expected[t])).isLessThan(TOLERANCE);
                }
            } while (encoding.isAlive());
            encoding.join();
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        DecodeArena arena = model.openArena(1);
        arena.close();
        arena.close();
    }
}
