package dev.parlo.engine.whisper.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.CheckpointWriter;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import dev.parlo.engine.whisper.decode.DecodeArena;
import dev.parlo.engine.whisper.decode.DecoderStep;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrtDecoderStepTest {
    private static final WhisperShape SHAPE = new WhisperShape(128, 2, 2, 2, 1700, 80, 512, 448);
    private static final int TEXT = 199;
    private static final int[] TOKENS = {5, 17, 120, 1650, 33, 2, 199};
    private static final double TOLERANCE = 1e-3;

    @TempDir Path directory;

    private WhisperModel model;
    private WhisperModel int8;
    private float[] mel;
    private double[][] expected;

    @BeforeAll
    void load(@TempDir Path directory) throws IOException {
        Path checkpoint = directory.resolve("checkpoint");
        CheckpointWriter.random(SHAPE, DataType.FLOAT32, 7).write(checkpoint, "[[1, 1], [9, 9]]");
        WeightCache cache = new WeightCache(directory.resolve("cache"));
        Placement.Cpu threads = Placement.Cpu.threads(1);
        model =
                WhisperModel.load(
                        checkpoint,
                        new ComputePlan(ComputeType.FLOAT32, true),
                        cache,
                        threads,
                        new Cancellation());
        int8 =
                WhisperModel.load(
                        checkpoint,
                        ComputePlan.forThisProcessor(ComputeType.INT8),
                        cache,
                        threads,
                        new Cancellation());
        mel = randomMel(3);
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            ReferenceWhisper reference = new ReferenceWhisper(open);
            double[][] bands = new double[80][3000];
            for (int b = 0; b < 80; b++) {
                for (int t = 0; t < 3000; t++) {
                    bands[b][t] = mel[b * 3000 + t];
                }
            }
            expected = reference.decode(reference.encode(bands), TOKENS);
        }
    }

    @AfterAll
    void close() {
        model.close();
        int8.close();
    }

    private static float[] randomMel(long seed) {
        Random random = new Random(seed);
        float[] mel = new float[80 * 3000];
        for (int i = 0; i < mel.length; i++) {
            mel[i] = (float) random.nextGaussian();
        }
        return mel;
    }

    private static StepRow row(int window, int row, int position, int... tokens) {
        return new StepRow(
                window,
                row,
                position,
                tokens,
                TokenMask.NONE,
                0,
                1501,
                5,
                new int[] {tokens.length - 1});
    }

    @Test
    void prefillGivesTheReferenceNetworksLogitsAtEveryToken() {
        try (DecodeArena arena = model.openArena(1, 1)) {
            arena.encoder().encode(mel, 0);
            int[] everywhere = {0, 1, 2, 3, 4, 5, 6};
            StepRow all = new StepRow(0, 0, 0, TOKENS, TokenMask.NONE, 0, 1501, 1, everywhere);
            StepResult result = arena.step().run(List.of(all)).getFirst();
            for (int t = 0; t < TOKENS.length; t++) {
                assertThat(worst(result.logits()[t], expected[t])).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void tokenByTokenGivesTheSameAsThePrefill() {
        try (DecodeArena arena = model.openArena(2, 3)) {
            arena.encoder().encode(mel, 1);
            DecoderStep step = arena.step();
            for (int t = 0; t < TOKENS.length; t++) {
                StepResult result = step.run(List.of(row(1, 0, t, TOKENS[t]))).getFirst();
                assertThat(worst(result.logits()[0], expected[t])).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void int8StaysCloseToFloat32() {
        try (DecodeArena arena = int8.openArena(1, 1)) {
            arena.encoder().encode(mel, 0);
            float[] logits = arena.step().run(List.of(row(0, 0, 0, TOKENS))).getFirst().logits()[0];
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
        try (DecodeArena arena = int8.openArena(3, 2)) {
            arena.encoder().encode(mel, 1);
            DecoderStep step = arena.step();
            step.run(List.of(row(1, 0, 0, 5, 17)));
            float[] alone = step.run(List.of(row(1, 0, 2, 120))).getFirst().logits()[0];

            arena.encoder().encode(randomMel(8), 0);
            arena.encoder().encode(randomMel(9), 2);
            step.run(List.of(row(0, 1, 0, 9), row(2, 0, 0, 1, 2, 3, 4), row(1, 0, 0, 5, 17)));
            List<StepResult> together =
                    step.run(List.of(row(0, 1, 1, 60), row(1, 0, 2, 120), row(2, 0, 4, 11)));
            for (int i = 0; i < alone.length; i++) {
                assertThat(together.get(1).logits()[0][i]).isCloseTo(alone[i], within(1e-4f));
            }
        }
    }

    @Test
    void idleRowsOfARunKeepWhatTheyHold() {
        try (DecodeArena arena = model.openArena(1, 4)) {
            arena.encoder().encode(mel, 0);
            DecoderStep step = arena.step();
            step.run(List.of(row(0, 1, 0, 5, 17)));
            step.run(List.of(row(0, 0, 0, 3), row(0, 3, 0, 4)));
            StepResult result = step.run(List.of(row(0, 1, 2, 120))).getFirst();
            assertThat(worst(result.logits()[0], expected[2])).isLessThan(TOLERANCE);
        }
    }

    @Test
    void aCopiedRowGoesOnWhereItsParentWas() {
        try (DecodeArena arena = model.openArena(1, 3)) {
            arena.encoder().encode(mel, 0);
            DecoderStep step = arena.step();
            step.run(List.of(row(0, 0, 0, 5, 17, 120)));
            step.run(List.of(row(0, 2, 0, 5, 99, 98)));
            step.copyRow(0, 0, 2, 3);
            List<StepResult> both = step.run(List.of(row(0, 0, 3, 7), row(0, 2, 3, 1650)));
            assertThat(worst(both.get(1).logits()[0], expected[3])).isLessThan(TOLERANCE);
        }
    }

    @Test
    void candidatesAreTheBestAllowedOfEachZoneAndTheirSum() {
        BitSet banned = new BitSet();
        banned.set(0, 150);
        try (DecodeArena arena = model.openArena(1, 1)) {
            arena.encoder().encode(mel, 0);
            StepRow row =
                    new StepRow(0, 0, 0, TOKENS, new TokenMask(banned), 100, 200, 4, new int[] {6});
            StepResult result = arena.step().run(List.of(row)).getFirst();
            float[] z = result.logits()[0];
            assertZone(result.text(), z, 150, TEXT);
            assertZone(result.timestamps(), z, TEXT + 100, TEXT + 200);
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
        try (DecodeArena arena = model.openArena(1, 1)) {
            arena.encoder().encode(mel, 0);
            StepRow row = new StepRow(0, 0, 0, TOKENS, TokenMask.NONE, 7, 7, 2, new int[0]);
            StepResult result = arena.step().run(List.of(row)).getFirst();
            assertThat(result.timestamps().logSumExp()).isLessThan(-1e29f);
            assertThat(Math.exp(result.timestamps().logSumExp())).isZero();
        }
    }

    @Test
    void alignmentHandsBackScoresAndLogitsOfTheHeadsThatExist() {
        try (DecodeArena arena = model.openArena(1, 1)) {
            arena.encoder().encode(mel, 0);
            DecoderStep.Alignment alignment = arena.step().align(0, TOKENS);
            assertThat(alignment.heads()).isEqualTo(1);
            assertThat(alignment.scores()).hasSize(TOKENS.length * 1500);
            for (int t = 0; t < TOKENS.length; t++) {
                assertThat(worst(alignment.logits()[t], expected[t])).isLessThan(TOLERANCE);
            }
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        DecodeArena arena = model.openArena(1, 1);
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
