package dev.parlo.engine.whisper.decode;

import dev.parlo.engine.whisper.decode.TimestampRules.Constraint;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of a window's search and reads their answers: the first row feeds the prompt and
 * the forced prefix in one go, later ones a token each.
 */
final class RowFeeder {
    private final WindowTask task;
    private final boolean rawLogits;
    private final int candidates;

    /**
     * @param rawLogits whether every row hands back its logits
     * @param candidates how many of the best tokens a ranking holds
     */
    RowFeeder(WindowTask task, boolean rawLogits, int candidates) {
        this.task = task;
        this.rawLogits = rawLogits;
        this.candidates = candidates;
    }

    /** Tokens that a row's cache holds once {@code generated} tokens have all but one been fed. */
    int cached(int generated) {
        return task.prompt().length + generated;
    }

    StepRow first() {
        int[] prompt = task.prompt();
        int[] tokens = Arrays.copyOf(prompt, prompt.length + task.prefix().length);
        System.arraycopy(task.prefix(), 0, tokens, prompt.length, task.prefix().length);
        Probe noSpeech =
                new Probe(task.startOfTranscript(), new int[] {task.rules().ids().noSpeech()});
        return row(0, 0, tokens, task.prefix(), noSpeech);
    }

    StepRow next(int row, Hypothesis hypothesis) {
        int position = cached(hypothesis.tokens().length) - 1;
        return row(row, position, new int[] {hypothesis.last()}, hypothesis.tokens(), null);
    }

    /** Probability of no speech, from the answer to {@link #first()}. */
    double noSpeechProbability(StepResult first) {
        StepResult.Probed probed = first.probed();
        if (probed == null) {
            throw new IllegalStateException("The step did not answer the probe.");
        }
        return probed.probability(0);
    }

    Ranking rank(StepResult result, Hypothesis hypothesis) {
        if (rawLogits) {
            return Ranking.of(logProbabilities(result, hypothesis), candidates);
        }
        Constraint constraint = task.rules().constraint(hypothesis.tokens(), task.prefix().length);
        return task.rules().rank(result, constraint, candidates);
    }

    /** Log-probabilities after the rules of every token; only with raw logits. */
    float[] logProbabilities(StepResult result, Hypothesis hypothesis) {
        return task.rules()
                .logProbabilities(
                        result.logits().clone(), hypothesis.tokens(), task.prefix().length);
    }

    private StepRow row(
            int row, int position, int[] tokens, int[] generated, @Nullable Probe probe) {
        Constraint constraint = task.rules().constraint(generated, task.prefix().length);
        return new StepRow(
                row,
                position,
                tokens,
                task.rules().mask(constraint, generated, task.prefix().length),
                constraint.firstTimestamp(),
                constraint.endTimestamp(),
                rawLogits ? 0 : candidates,
                rawLogits,
                probe);
    }
}
