package dev.parlo.engine.whisper.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.whisper.decode.StepResult;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.DecoderStep;
import dev.parlo.engine.whisper.network.WindowStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Logits of the step against the reference network. */
final class CpuDecoderStepTest extends DecoderBesideReference {
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

    /** The silence is convolved once for all of it. */
    @Test
    void audioOfAnyLengthThatSilenceFollowsGivesTheReferenceNetworksLogits() {
        int frames = 60;
        try (DecodeArena arena = model.openArena(1)) {
            for (int audio : new int[] {0, 1, 2, 3, 4, 29, 30, 54, 55, 56, 57, 58, 59, 60}) {
                float[] followed = randomMel(audio, frames);
                for (int band = 0; band < 80; band++) {
                    Arrays.fill(followed, band * frames + audio, (band + 1) * frames, 0);
                }
                double[][] exact = reference(followed);
                arena.encoder().encode(followed, 0);
                StepResult result = run(arena.step(), 0, 1, row(0, 0, TOKENS)).getFirst();
                assertThat(worst(result.logits(), exact[TOKENS.length - 1]))
                        .as("%d frames of audio", audio)
                        .isLessThan(TOLERANCE);
                arena.step().release(0);
            }
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
}
