package dev.parlo.engine.whisper.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** CTranslate2's beam search over full arrays, without caches, zones or shortcuts. */
final class PlainBeamSearch {
    record Found(List<Integer> tokens, double score) {}

    private record Candidate(int beam, int token, double score) {}

    private PlainBeamSearch() {}

    static Found search(
            PlainRules rules,
            ScriptedStep.Script script,
            List<Integer> prompt,
            int beams,
            int enough,
            double lengthPenalty,
            int maxTokens) {
        List<Found> live = List.of(new Found(List.of(), 0));
        List<Found> finished = new ArrayList<>();
        for (int step = 0; step < maxTokens && finished.size() < enough; step++) {
            List<Candidate> candidates = new ArrayList<>();
            for (int beam = 0; beam < live.size(); beam++) {
                List<Integer> tokens = live.get(beam).tokens();
                List<Integer> all = new ArrayList<>(prompt);
                all.addAll(tokens);
                double[] logProbabilities =
                        rules.logProbabilities(script.logits(0, all), tokens, 0);
                for (int id = 0; id < logProbabilities.length; id++) {
                    candidates.add(
                            new Candidate(beam, id, live.get(beam).score() + logProbabilities[id]));
                }
            }
            candidates.sort(Comparator.comparingDouble((Candidate c) -> -c.score()));
            List<Candidate> top =
                    new ArrayList<>(candidates.subList(0, Math.min(2 * beams, candidates.size())));
            List<Found> next = new ArrayList<>();
            int spare = beams;
            for (int k = 0; k < Math.min(beams, top.size()); k++) {
                Candidate c = top.get(k);
                boolean ends = c.token() == rules.endOfText;
                if (ends || step == maxTokens - 1) {
                    List<Integer> tokens = new ArrayList<>(live.get(c.beam()).tokens());
                    if (!ends) {
                        tokens.add(c.token());
                    }
                    finished.add(new Found(tokens, c.score()));
                    for (; spare < top.size(); spare++) {
                        if (top.get(spare).token() != rules.endOfText) {
                            c = top.get(spare++);
                            break;
                        }
                    }
                }
                List<Integer> tokens = new ArrayList<>(live.get(c.beam()).tokens());
                tokens.add(c.token());
                next.add(new Found(tokens, c.score()));
            }
            live = next;
        }
        return finished.stream()
                .map(f ->
                        new Found(
                                f.tokens(),
                                f.score()
                                        / Math.pow(Math.max(1, f.tokens().size()), lengthPenalty)))
                .reduce((a, b) -> b.score() > a.score() ? b : a)
                .orElseThrow();
    }
}
