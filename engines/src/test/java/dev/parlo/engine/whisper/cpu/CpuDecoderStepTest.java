package dev.parlo.engine.whisper.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.CheckpointWriter;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.decode.WindowDecoder.RowCopy;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuDecoderStepTest {
    private static final WhisperShape SHAPE = new WhisperShape(128, 2, 2, 2, 1700, 80, 512, 448);
    private static final int TEXT = 199;
    private static final int[] TOKENS = {5, 17, 120, 1650, 33, 2, 199};
    private static final double TOLERANCE = 1e-3;

    /** Audio positions of windows that are not whole. */
    private static final int[] SHORT = {1, 37, 250};

    @TempDir Path directory;

    private CpuNetwork model;
    private CpuNetwork int8;
    private float[] mel;
    private double[][] expected;
    private final Map<Integer, double[][]> expectedOfShort = new HashMap<>();

    @BeforeAll
    void load(@TempDir Path directory) throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        CheckpointWriter.random(SHAPE, DataType.FLOAT32, 7).write(checkpoint, "[[1, 1], [9, 9]]");
        WeightCache cache = new WeightCache(CacheFolder.at(directory.resolve("cache")));
        Placement.Cpu threads = Placement.Cpu.threads(1);
        model =
                CpuNetwork.load(
                        checkpoint,
                        new ComputePlan(ComputeType.FLOAT32, true),
                        cache,
                        threads,
                        new Cancellation());
        int8 =
                CpuNetwork.load(
                        checkpoint,
                        ComputePlan.forThisProcessor(ComputeType.INT8),
                        cache,
                        threads,
                        new Cancellation());
        mel = randomMel(3);
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            ReferenceWhisper reference = new ReferenceWhisper(open);
            expected = reference.decode(reference.encode(bands(mel)), TOKENS);
            for (int positions : SHORT) {
                double[][] audio = reference.encode(bands(randomMel(positions, 2 * positions)));
                expectedOfShort.put(positions, reference.decode(audio, TOKENS));
            }
        }
    }

    private static double[][] bands(float[] mel) {
        int frames = mel.length / 80;
        double[][] bands = new double[80][frames];
        for (int b = 0; b < 80; b++) {
            for (int t = 0; t < frames; t++) {
                bands[b][t] = mel[b * frames + t];
            }
        }
        return bands;
    }

    @AfterAll
    void close() {
        model.close();
        int8.close();
    }

    private static float[] randomMel(long seed) {
        return randomMel(seed, 3000);
    }

    private static float[] randomMel(long seed, int frames) {
        Random random = new Random(seed);
        float[] mel = new float[80 * frames];
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) random.nextGaussian();
        }
        return mel;
    }

    private static StepRow row(int row, int position, int... tokens) {
        return new StepRow(row, position, tokens, TokenMask.NONE, 0, 1501, 5, true, null);
    }

    /** Rows of one window in a step by themselves. */
    private static List<StepResult> run(DecoderStep step, int slot, int width, StepRow... rows) {
        return step.run(List.of(new WindowStep(slot, width, List.of(rows)))).getFirst();
    }

    @Test
    void prefillsGiveTheReferenceNetworksLogits() {
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(mel, 0);
            for (int t = 0; t < TOKENS.length; t++) {
                StepRow prefix = row(0, 0, Arrays.copyOf(TOKENS, t + 1));
                StepResult result = run(arena.step(), 0, 1, prefix).getFirst();
                assertThat(worst(result.logits(), expected[t])).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void fewerAudioPositionsGiveTheReferenceNetworksLogitsOfThose() {
        try (DecodeArena arena = model.openArena(2)) {
            DecoderStep step = arena.step();
            for (int positions : SHORT) {
                double[][] exact = Objects.requireNonNull(expectedOfShort.get(positions));
                for (int slot = 0; slot < 2; slot++) {
                    arena.encoder().encode(randomMel(positions, 2 * positions), slot);
                    StepResult prefill = run(step, slot, 2, row(0, 0, 5, 17, 120)).getFirst();
                    assertThat(worst(prefill.logits(), exact[2])).isLessThan(TOLERANCE);
                    StepResult next = run(step, slot, 2, row(0, 3, 1650)).getFirst();
                    assertThat(worst(next.logits(), exact[3])).isLessThan(TOLERANCE);
                    step.release(slot);
                }
            }
            arena.encoder().encode(mel, 0);
            StepResult whole = run(step, 0, 2, row(0, 0, TOKENS[0])).getFirst();
            assertThat(worst(whole.logits(), expected[0])).isLessThan(TOLERANCE);
        }
    }

    @Test
    void windowsOfAnyLengthInOneStepAreWhatEachIsAlone() {
        try (DecodeArena arena = model.openArena(5)) {
            int[] positions = {1500, 37, 1500, 250, 37};
            for (int slot = 0; slot < 5; slot++) {
                boolean whole = positions[slot] == 1500;
                arena.encoder()
                        .encode(
                                whole ? mel : randomMel(positions[slot], 2 * positions[slot]),
                                slot);
            }
            for (int t = 0; t < TOKENS.length; t++) {
                List<WindowStep> windows = new ArrayList<>();
                for (int slot = 0; slot < 5; slot++) {
                    windows.add(new WindowStep(slot, 1, List.of(row(0, t, TOKENS[t]))));
                }
                List<List<StepResult>> results = arena.step().run(windows);
                for (int slot = 0; slot < 5; slot++) {
                    double[][] exact = expectedOfShort.getOrDefault(positions[slot], expected);
                    assertThat(worst(results.get(slot).getFirst().logits(), exact[t]))
                            .as("slot %d", slot)
                            .isLessThan(TOLERANCE);
                }
            }
        }
    }

    @Test
    void aWindowThatNoEncoderTakesIsRefused() {
        try (DecodeArena arena = model.openArena(1)) {
            for (int values : new int[] {0, 79, 80, 3 * 80, 2 * 80 + 1, 3002 * 80}) {
                assertThatThrownBy(() -> arena.encoder().encode(new float[values], 0))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(values + " were given");
            }
        }
    }

    @Test
    void tokenByTokenGivesTheSameAsThePrefill() {
        try (DecodeArena arena = model.openArena(2)) {
            arena.encoder().encode(mel, 1);
            for (int t = 0; t < TOKENS.length; t++) {
                StepResult result = run(arena.step(), 1, 3, row(0, t, TOKENS[t])).getFirst();
                assertThat(worst(result.logits(), expected[t])).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void aPromptInPartsGivesTheSameAsAtOnce() {
        try (DecodeArena arena = model.openArena(2)) {
            arena.encoder().encode(randomMel(5), 0);
            arena.encoder().encode(mel, 1);
            DecoderStep step = arena.step();
            for (int part = 1; part <= TOKENS.length; part++) {
                for (int from = 0; from < TOKENS.length; from += part) {
                    int end = Math.min(from + part, TOKENS.length);
                    StepResult result =
                            run(step, 1, 1, row(0, from, Arrays.copyOfRange(TOKENS, from, end)))
                                    .getFirst();
                    assertThat(worst(result.logits(), expected[end - 1])).isLessThan(TOLERANCE);
                }
                step.release(1);
            }
        }
    }

    @Test
    void int8StaysCloseToFloat32() {
        try (DecodeArena arena = int8.openArena(1)) {
            arena.encoder().encode(mel, 0);
            float[] logits = run(arena.step(), 0, 1, row(0, 0, TOKENS)).getFirst().logits();
            double error = 0;
            double norm = 0;
            double[] exact = expected[TOKENS.length - 1];
            for (int i = 0; i < logits.length; i++) {
                error += (logits[i] - exact[i]) * (logits[i] - exact[i]);
                norm += exact[i] * exact[i];
            }
            assertThat(Math.sqrt(error / norm)).isLessThan(0.05);
        }
    }

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
                assertThat(arena.bytes()).isEqualTo(slots * model.slotBytes());
            }
            for (int slot = 0; slot < 3; slot++) {
                step.release(slot);
            }
            arena.trim();
            assertThat(arena.bytes()).isEqualTo(model.slotBytes());
            arena.encoder().encode(mel, 2);
            StepResult result = run(step, 2, 5, row(0, 0, TOKENS[0])).getFirst();
            assertThat(worst(result.logits(), expected[0])).isLessThan(TOLERANCE);
            assertThat(arena.bytes())
                    .isEqualTo(3 * model.slotBytes() - 2 * RowCache.bytes(SHAPE)); // no greedy rows
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
    void candidatesAreTheBestAllowedOfEachZoneAndTheirSum() {
        BitSet banned = new BitSet();
        banned.set(0, 150);
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(mel, 0);
            StepRow row = new StepRow(0, 0, TOKENS, new TokenMask(banned), 100, 200, 4, true, null);
            StepResult result = run(arena.step(), 0, 1, row).getFirst();
            float[] z = result.logits();
            assertZone(result.text(), z, 150, TEXT);
            assertZone(result.timestamps(), z, TEXT + 100, TEXT + 200);
        }
    }

    @Test
    void probesOfSeveralRowsAnswerTheirOwnIds() {
        try (DecodeArena arena = model.openArena(2)) {
            arena.encoder().encode(mel, 0);
            arena.encoder().encode(mel, 1);
            Probe many = new Probe(0, new int[] {3, 1699, 40});
            Probe one = new Probe(0, new int[] {120});
            List<List<StepResult>> results =
                    arena.step()
                            .run(
                                    List.of(
                                            new WindowStep(0, 1, List.of(probing(many, TOKENS[0]))),
                                            new WindowStep(
                                                    1, 1, List.of(probing(one, TOKENS[0])))));
            assertProbe(results.get(0).getFirst(), many, expected[0]);
            assertProbe(results.get(1).getFirst(), one, expected[0]);
            Probe within = new Probe(2, new int[] {7, 8});
            StepResult prefill = run(arena.step(), 0, 1, probing(within, TOKENS)).getFirst();
            assertProbe(prefill, within, expected[2]);
        }
    }

    private static StepRow probing(Probe probe, int... tokens) {
        return new StepRow(0, 0, tokens, TokenMask.NONE, 0, 1501, 2, false, probe);
    }

    private static void assertProbe(StepResult result, Probe probe, double[] exact) {
        StepResult.Probed probed = Objects.requireNonNull(result.probed());
        assertThat(result.logits()).as("no vocabulary was copied").isEmpty();
        double sum = Arrays.stream(exact).map(Math::exp).sum();
        for (int i = 0; i < probe.ids().length; i++) {
            double z = exact[probe.ids()[i]];
            assertThat((double) probed.logits()[i]).isCloseTo(z, within(TOLERANCE));
            assertThat(probed.probability(i)).isCloseTo(Math.exp(z) / sum, within(1e-4));
        }
    }

    private static void assertZone(StepResult.Candidates zone, float[] z, int from, int to) {
        List<Integer> order = new ArrayList<>();
        double sum = 0;
        for (int i = from; i < to; i++) {
            order.add(i);
            sum += Math.exp(z[i]);
        }
        order.sort((a, b) -> Float.compare(z[b], z[a]));
        int[] best = order.subList(0, 4).stream().mapToInt(i -> i).toArray();
        assertThat(zone.ids()).containsExactly(best);
        assertThat(zone.logits()[0]).isEqualTo(z[order.getFirst()]);
        assertThat((double) zone.logSumExp()).isCloseTo(Math.log(sum), within(1e-4));
    }

    @Test
    void aZoneWithNothingAllowedAddsNothing() {
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(mel, 0);
            StepRow row = new StepRow(0, 0, TOKENS, TokenMask.NONE, 7, 7, 2, false, null);
            StepResult result = run(arena.step(), 0, 1, row).getFirst();
            assertThat(result.timestamps().logSumExp()).isLessThan(-1e29f);
            assertThat(Math.exp(result.timestamps().logSumExp())).isZero();
            assertThat(result.logits()).isEmpty();
        }
    }

    @Test
    void alignmentHandsBackScoresOfTheHeadsThatExistAndTheTextsProbabilities() {
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(mel, 0);
            int text = 2;
            Alignment alignment = arena.step().align(0, new AlignmentTask(TOKENS, 1, text, TEXT));
            assertThat(alignment.heads()).isEqualTo(1);
            assertThat(alignment.scores()).hasSize(TOKENS.length * 1500);
            assertThat(alignment.logProbabilities()).hasSize(text);
            for (int i = 0; i < text; i++) {
                double[] z = Arrays.copyOf(expected[i], TEXT);
                double sum = Arrays.stream(z).map(Math::exp).sum();
                assertThat(Math.exp(alignment.logProbabilities()[i]))
                        .isCloseTo(Math.exp(z[TOKENS[i + 1]]) / sum, within(1e-4));
            }
        }
    }

    @Test
    void alignmentOfAShortWindowHasItsPositions() {
        try (DecodeArena arena = model.openArena(1)) {
            arena.encoder().encode(randomMel(37, 74), 0);
            Alignment alignment = arena.step().align(0, new AlignmentTask(TOKENS, 1, 2, TEXT));
            assertThat(alignment.scores()).hasSize(TOKENS.length * 37);
            double[] z = Arrays.copyOf(Objects.requireNonNull(expectedOfShort.get(37))[0], TEXT);
            double sum = Arrays.stream(z).map(Math::exp).sum();
            assertThat(Math.exp(alignment.logProbabilities()[0]))
                    .isCloseTo(Math.exp(z[TOKENS[1]]) / sum, within(1e-4));
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        DecodeArena arena = model.openArena(1);
        arena.close();
        arena.close();
    }

    private static double worst(float[] actual, double[] exact) {
        double worst = 0;
        for (int i = 0; i < exact.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - exact[i]));
        }
        return worst;
    }
}
