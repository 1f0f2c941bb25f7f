package dev.parlo.engine.whisper.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.whisper.decode.Probe;
import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.network.Alignment;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WindowStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a step answers beside logits: candidates, probes and alignments. */
final class CpuDecoderAnswersTest extends DecoderBesideReference {
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
}
