package dev.parlo.engine.whisper.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Beam search in CTranslate2's exact order: twice as many candidates as beams; a candidate among
 * the first {@code beams} that ends is a finished hypothesis and its place goes to the next
 * candidate beyond them; it is over when {@code round(beams · patience)} hypotheses have finished.
 *
 * <p>A beam keeps the cache row of its parent; only where a parent has several children do the
 * others take the rows of beams that died.
 */
public final class BeamSearch implements WindowSearch {
    /** Cumulative score that no live beam reaches, as CTranslate2 writes it. */
    private static final double DISCARDED = -1e10;

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparingDouble((Candidate c) -> -c.score())
                    .thenComparingInt(Candidate::parent)
                    .thenComparingInt(Candidate::token);

    private final WindowTask task;
    private final int beams;
    private final int enough;
    private final double lengthPenalty;
    private final RowFeeder feeder;
    private final List<Hypothesis> finished = new ArrayList<>();
    private List<Beam> live;
    private boolean started;
    private boolean done;
    private double noSpeechProbability;

    private record Beam(int row, Hypothesis hypothesis) {}

    private record Candidate(int parent, int token, float logProbability, double score) {}

    /**
     * @param beams at most the rows of a window
     * @param patience at least 1 / beams
     */
    public BeamSearch(WindowTask task, int beams, double patience, double lengthPenalty) {
        this.task = task;
        this.beams = beams;
        this.lengthPenalty = lengthPenalty;
        enough = (int) Math.clamp(Math.round(beams * patience), 1, Integer.MAX_VALUE);
        feeder = new RowFeeder(task, task.rules().needsLogits(), 2 * beams);
        live = List.of(new Beam(0, Hypothesis.forced(task.prefix())));
    }

    @Override
    public int rows() {
        return beams;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public List<StepRow> nextRows() {
        if (!started) {
            return List.of(feeder.first());
        }
        List<StepRow> rows = new ArrayList<>(live.size());
        for (Beam beam : live) {
            rows.add(feeder.next(beam.row(), beam.hypothesis()));
        }
        return rows;
    }

    @Override
    public List<RowCopy> accept(List<StepResult> results) {
        if (!started) {
            started = true;
            noSpeechProbability = feeder.noSpeechProbability(results.getFirst());
            if (Prefixes.fill(task)) {
                finished.add(Prefixes.cut(task));
                done = true;
                return List.of();
            }
        }
        int length = live.getFirst().hypothesis().tokens().length;
        List<Candidate> candidates = candidates(results, length);
        List<Candidate> chosen = choose(candidates, length + 1 == task.maxTokens());
        boolean topEnded = candidates.getFirst().token() == endOfText();
        done =
                length + 1 == task.maxTokens()
                        || (lengthPenalty == 0
                                ? topEnded && !finished.isEmpty()
                                : finished.size() >= enough);
        return done ? List.of() : continueWith(chosen, feeder.cached(length));
    }

    @Override
    public DecodedWindow result() {
        return DecodedWindow.best(finished, lengthPenalty, noSpeechProbability);
    }

    private int endOfText() {
        return task.rules().ids().endOfText();
    }

    /** The best continuations of all beams, best first. */
    private List<Candidate> candidates(List<StepResult> results, int length) {
        List<Candidate> all = new ArrayList<>();
        for (int parent = 0; parent < live.size(); parent++) {
            Hypothesis hypothesis = live.get(parent).hypothesis();
            Ranking ranking = feeder.rank(results.get(parent), hypothesis);
            for (int i = 0; i < ranking.ids().length; i++) {
                float logProbability = ranking.logProbabilities()[i];
                all.add(
                        new Candidate(
                                parent,
                                ranking.ids()[i],
                                logProbability,
                                hypothesis.score() + logProbability));
            }
        }
        all.sort(BEST_FIRST);
        List<Candidate> best = new ArrayList<>(all.subList(0, Math.min(2 * beams, all.size())));
        if (length > 0 && length == task.prefix().length) {
            // Right after a prefix only the best candidate may be the end.
            for (int i = 1; i < best.size(); i++) {
                if (best.get(i).token() == endOfText()) {
                    best.set(i, new Candidate(0, 0, 0, DISCARDED));
                }
            }
        }
        return best;
    }

    /** Registers what ended and fills its place with the next candidate that goes on. */
    private List<Candidate> choose(List<Candidate> candidates, boolean lastStep) {
        List<Candidate> chosen = new ArrayList<>(beams);
        int spare = beams;
        for (int i = 0; i < Math.min(beams, candidates.size()); i++) {
            Candidate candidate = candidates.get(i);
            boolean ends = candidate.token() == endOfText();
            if (ends || lastStep) {
                Hypothesis parent = live.get(candidate.parent()).hypothesis();
                finished.add(
                        ends
                                ? parent.end(candidate.logProbability())
                                : parent.append(candidate.token(), candidate.logProbability()));
                while (spare < candidates.size() && candidates.get(spare).token() == endOfText()) {
                    spare++;
                }
                if (spare < candidates.size()) {
                    candidate = candidates.get(spare++);
                }
            }
            chosen.add(candidate);
        }
        return chosen;
    }

    private List<RowCopy> continueWith(List<Candidate> chosen, int cached) {
        // A row's cache holds the whole hypothesis, megabytes of keys and values in a large model,
        // so
        // hypotheses are not put back in order of their scores: the first child of a parent goes on
        // in its parent's row, where nothing has to be copied, and only further children of the
        // same
        // parent take rows that no parent of this step stands in. Those rows' hypotheses are dead,
        // so no row is read after it was written.
        boolean[] taken = new boolean[beams];
        for (Candidate candidate : chosen) {
            taken[live.get(candidate.parent()).row()] = true;
        }
        List<RowCopy> copies = new ArrayList<>();
        List<Beam> next = new ArrayList<>(chosen.size());
        boolean[] kept = new boolean[beams];
        int free = 0;
        for (Candidate candidate : chosen) {
            Beam parent = live.get(candidate.parent());
            int row = parent.row();
            if (kept[row]) {
                while (taken[free]) {
                    free++;
                }
                taken[free] = true;
                copies.add(new RowCopy(row, free, cached));
                row = free;
            } else {
                kept[row] = true;
            }
            Hypothesis longer =
                    parent.hypothesis().append(candidate.token(), candidate.logProbability());
            next.add(
                    new Beam(
                            row,
                            candidate.score() == DISCARDED
                                    ? new Hypothesis(
                                            longer.tokens(), longer.logProbabilities(), DISCARDED)
                                    : longer));
        }
        live = next;
        return copies;
    }
}
