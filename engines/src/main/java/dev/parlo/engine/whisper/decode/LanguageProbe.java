package dev.parlo.engine.whisper.decode;

import java.util.List;

/**
 * Asks which language is spoken: what would follow the start of the transcript, if it had to be one
 * of some languages. One step of one token.
 */
public final class LanguageProbe implements WindowDecoder {
    private final int startOfTranscript;
    private final int[] languages;
    private double[] probabilities = {};

    /**
     * @param languages token ids to choose from, at least one
     */
    public LanguageProbe(int startOfTranscript, int[] languages) {
        this.startOfTranscript = startOfTranscript;
        this.languages = languages;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public boolean isDone() {
        return probabilities.length > 0;
    }

    @Override
    public List<StepRow> nextRows() {
        int[] tokens = {startOfTranscript};
        Probe probe = new Probe(0, languages);
        return List.of(new StepRow(0, 0, tokens, TokenMask.NONE, 0, 0, 0, false, probe));
    }

    @Override
    public List<RowCopy> accept(List<StepResult> results) {
        StepResult.Probed probed = results.getFirst().probed();
        if (probed == null) {
            throw new IllegalStateException("The step did not answer the probe.");
        }
        // Over the languages alone, so the sum over the vocabulary does not matter.
        double logSumExp = LogitRules.logSumExp(probed.logits(), 0, languages.length);
        double[] found = new double[languages.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = Math.exp(probed.logits()[i] - logSumExp);
        }
        probabilities = found;
        return List.of();
    }

    /** Of the languages, in their order; they sum to 1. Only when done. */
    public double[] probabilities() {
        return probabilities.clone();
    }
}
