package dev.parlo.engine.whisper.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Hypotheses that go on by themselves: one that takes the best token each time, or several that
 * draw theirs at a temperature, of which the best is kept. As CTranslate2's {@code GreedySearch}.
 */
public final class GreedySearch implements WindowSearch {
    private final WindowTask task;
    private final TokenChoice choice;
    private final int count;
    private final double lengthPenalty;
    private final RowFeeder feeder;
    private final List<Live> live = new ArrayList<>();
    private final List<Hypothesis> finished = new ArrayList<>();
    private boolean started;
    private double noSpeechProbability;

    private record Live(int row, Hypothesis hypothesis) {}

    private GreedySearch(WindowTask task, TokenChoice choice, int count, double lengthPenalty) {
        this.task = task;
        this.choice = choice;
        this.count = count;
        this.lengthPenalty = lengthPenalty;
        boolean rawLogits = choice instanceof TokenChoice.Sampling || task.rules().needsLogits();
        feeder = new RowFeeder(task, rawLogits, 1);
    }

    /** The best token each time. */
    public static GreedySearch best(WindowTask task, double lengthPenalty) {
        return new GreedySearch(task, new TokenChoice.Best(), 1, lengthPenalty);
    }

    /**
     * Several draws.
     *
     * @param temperature above 0
     * @param count hypotheses; each takes a cache row
     */
    public static GreedySearch sampling(
            WindowTask task,
            double temperature,
            int count,
            double lengthPenalty,
            RandomGenerator random) {
        return new GreedySearch(
                task, new TokenChoice.Sampling(temperature, random), count, lengthPenalty);
    }

    @Override
    public int rows() {
        return count;
    }

    @Override
    public boolean isDone() {
        return started && live.isEmpty();
    }

    @Override
    public List<StepRow> nextRows() {
        if (!started) {
            return List.of(feeder.first());
        }
        List<StepRow> rows = new ArrayList<>(live.size());
        for (Live one : live) {
            rows.add(feeder.next(one.row(), one.hypothesis()));
        }
        return rows;
    }

    @Override
    public List<RowCopy> accept(List<StepResult> results) {
        return started ? goOn(results) : start(results.getFirst());
    }

    @Override
    public DecodedWindow result() {
        return DecodedWindow.best(finished, lengthPenalty, noSpeechProbability);
    }

    private List<RowCopy> start(StepResult result) {
        started = true;
        noSpeechProbability = feeder.noSpeechProbability(result);
        Hypothesis forced = Hypothesis.forced(task.prefix());
        if (Prefixes.fill(task)) {
            finished.add(Prefixes.cut(task));
            return List.of();
        }
        List<RowCopy> copies = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            extend(row, forced, result);
        }
        for (Live one : live) {
            if (one.row() != 0) {
                int length = feeder.cached(forced.tokens().length);
                copies.add(new RowCopy(0, one.row(), length));
            }
        }
        return copies;
    }

    private List<RowCopy> goOn(List<StepResult> results) {
        List<Live> before = List.copyOf(live);
        live.clear();
        for (int i = 0; i < before.size(); i++) {
            extend(before.get(i).row(), before.get(i).hypothesis(), results.get(i));
        }
        return List.of();
    }

    private void extend(int row, Hypothesis hypothesis, StepResult result) {
        int token;
        float logProbability;
        switch (choice) {
            case TokenChoice.Best() -> {
                Ranking ranking = feeder.rank(result, hypothesis);
                token = ranking.ids()[0];
                logProbability = ranking.logProbabilities()[0];
            }
            case TokenChoice.Sampling sampling -> {
                float[] logProbabilities = feeder.logProbabilities(result, hypothesis);
                token = sampling.draw(logProbabilities);
                logProbability = logProbabilities[token];
            }
        }
        if (token == task.rules().ids().endOfText()) {
            finished.add(hypothesis.end(logProbability));
            return;
        }
        Hypothesis longer = hypothesis.append(token, logProbability);
        if (longer.tokens().length >= task.maxTokens()) {
            finished.add(longer);
        } else {
            live.add(new Live(row, longer));
        }
    }
}
