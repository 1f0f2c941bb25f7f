package dev.parlo.engine.whisper.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.window.WindowsTogether;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SearchTest {
    /** Text 0 to 11, end of text 12, other special ids 13 to 17, timestamps 18 to 37. */
    private static final TokenIds IDS = new TokenIds(12, 17, 16, 38);

    private static final int SOT = 13;
    private static final int[] PROMPT = {15, 3, 4, SOT};
    private static final int[] SUPPRESSED = {2, 13, 14, 15, 16};
    private static final int[] AT_BEGIN = {1, 12};
    private static final int[] NONE = {};

    @Property(tries = 120)
    void beamSearchFindsWhatThePlainOneFinds(
            @ForAll long seed,
            @ForAll boolean timestamps,
            @ForAll @IntRange(min = 1, max = 6) int beams,
            @ForAll @IntRange(min = 0, max = 3) int variant) {
        double patience = variant == 1 ? 2 : 1;
        double lengthPenalty = variant == 2 ? 0.7 : 1;
        double penalty = variant == 3 ? 1.3 : 1;
        int ngram = variant == 3 ? 2 : 0;
        ScriptedStep.Script script = random(seed, 3);
        PlainRules plain = plainRules(timestamps, penalty, ngram);
        PlainBeamSearch.Found expected =
                PlainBeamSearch.search(
                        plain,
                        script,
                        boxed(PROMPT),
                        beams,
                        (int) Math.round(beams * patience),
                        lengthPenalty,
                        14);
        WindowTask task = task(NONE, 14, rules(timestamps, penalty, ngram));
        DecodedWindow found =
                run(new BeamSearch(task, beams, patience, lengthPenalty), script, beams);
        assertThat(boxed(found.tokens())).isEqualTo(expected.tokens());
        assertThat(found.score()).isEqualTo(expected.score(), offset(1e-4));
        assertThat(found.logProbabilities()).hasSameSizeAs(found.tokens());
    }

    @Property(tries = 10)
    void aWideAndPatientBeamFindsTheBestOfAll(@ForAll long seed) {
        ScriptedStep.Script script = random(seed, 2);
        PlainRules plain = plainRules(false, 1, 0);
        plain.suppressed =
                java.util.stream.IntStream.range(0, 38)
                        .filter(id -> id > 3 && id != 12)
                        .boxed()
                        .collect(Collectors.toSet());
        double best = exhaustive(plain, script, new ArrayList<>(), 0, 3);
        SuppressRules suppress =
                new SuppressRules(
                        IDS,
                        plain.suppressed.stream().mapToInt(Integer::intValue).toArray(),
                        AT_BEGIN,
                        false);
        LogitRules rules = new LogitRules(IDS, suppress, false, 50, 1, 0);
        BeamSearch search = new BeamSearch(task(NONE, 3, rules), 64, 1000, 1);
        assertThat(run(search, script, 64).score()).isEqualTo(best, offset(1e-4));
    }

    @Test
    void patienceBeyondAllNumbersIsAllPatience() {
        assertThat(stepsWithPatience(1e300)).isEqualTo(stepsWithPatience(1000));
        assertThat(stepsWithPatience(0.1)).isLessThan(stepsWithPatience(1000));
    }

    private static int stepsWithPatience(double patience) {
        ScriptedStep step = new ScriptedStep(1, IDS, random(5, 2));
        BeamSearch search = new BeamSearch(task(NONE, 40, rules(false, 1, 0)), 3, patience, 1);
        WindowsTogether.run(step, List.of(search), new Cancellation());
        return step.steps();
    }

    @Property(tries = 60)
    void greedyTakesTheBestTokenUnderAllRules(@ForAll long seed, @ForAll boolean timestamps) {
        ScriptedStep.Script script = random(seed, 3);
        for (double penalty : new double[] {1, 1.5}) {
            PlainBeamSearch.Found expected =
                    PlainBeamSearch.search(
                            plainRules(timestamps, penalty, 0), script, boxed(PROMPT), 1, 1, 1, 20);
            WindowTask task = task(NONE, 20, rules(timestamps, penalty, 0));
            DecodedWindow found = run(GreedySearch.best(task, 1), script, 1);
            assertThat(boxed(found.tokens())).isEqualTo(expected.tokens());
            assertThat(found.score()).isEqualTo(expected.score(), offset(1e-4));
        }
    }

    @Property(tries = 12)
    void whoeverRunsBesideAWindowItsAnswerIsTheSame(@ForAll long seed) {
        ScriptedStep.Script script = random(seed, 3);
        Random random = new Random(seed);
        List<WindowTask> tasks = new ArrayList<>();
        for (int window = 0; window < 8; window++) {
            int[] prompt = new int[1 + random.nextInt(6)];
            prompt[prompt.length - 1] = SOT;
            boolean timestamps = random.nextBoolean();
            tasks.add(
                    new WindowTask(
                            prompt,
                            prompt.length - 1,
                            NONE,
                            3 + random.nextInt(20),
                            rules(timestamps, 1, 0)));
        }
        List<BeamSearch> together =
                tasks.stream().map(task -> new BeamSearch(task, 4, 1, 1)).toList();
        WindowsTogether.run(new ScriptedStep(8, IDS, script), together, new Cancellation());
        for (int window = 0; window < tasks.size(); window++) {
            BeamSearch alone = new BeamSearch(tasks.get(window), 4, 1, 1);
            int asked = window;
            ScriptedStep step =
                    new ScriptedStep(1, IDS, (slot, tokens) -> script.logits(asked, tokens));
            WindowsTogether.run(step, List.of(alone), new Cancellation());
            DecodedWindow expected = alone.result();
            DecodedWindow actual = together.get(window).result();
            assertThat(actual.tokens()).isEqualTo(expected.tokens());
            assertThat(actual.score()).isEqualTo(expected.score());
        }
    }

    @Test
    void aPrefixIsForcedFreeOfChargeAndPartOfTheAnswer() {
        ScriptedStep.Script script = random(5, 3);
        int[] prefix = {18, 7, 8};
        LogitRules rules = rules(true, 1, 0);
        DecodedWindow beam = run(new BeamSearch(task(prefix, 12, rules), 3, 1, 1), script, 3);
        assertThat(beam.tokens()).startsWith(prefix).hasSizeLessThanOrEqualTo(12);
        assertThat(beam.logProbabilities()).startsWith(0, 0, 0);
        DecodedWindow greedy = run(GreedySearch.best(task(prefix, 12, rules), 1), script, 1);
        assertThat(greedy.tokens()).startsWith(prefix);
        DecodedWindow full = run(GreedySearch.best(task(prefix, 2, rules), 1), script, 1);
        assertThat(full.tokens()).containsExactly(18, 7);
    }

    @Test
    void noSpeechIsReadAfterStartOfTranscriptBeforeAnyRule() {
        ScriptedStep.Script script =
                (window, tokens) -> {
                    float[] logits = new float[38];
                    logits[16] = tokens.getLast() == SOT ? 3 : 0;
                    logits[12] = tokens.getLast() == SOT ? 0 : 9;
                    return logits;
                };
        int[] prompt = {SOT, 14, 17};
        WindowTask task = new WindowTask(prompt, 0, NONE, 5, rules(false, 1, 0));
        double expected = Math.exp(3) / (Math.exp(3) + 37);
        assertThat(run(GreedySearch.best(task, 1), script, 1).noSpeechProbability())
                .isEqualTo(expected, offset(1e-6));
        assertThat(run(new BeamSearch(task, 2, 1, 1), script, 2).noSpeechProbability())
                .isEqualTo(expected, offset(1e-6));
    }

    @Test
    void aSeedRepeatsItsSamplesAndTheBestDrawWins() {
        ScriptedStep.Script script = random(11, 1);
        WindowTask task = task(NONE, 15, rules(true, 1, 0));
        DecodedWindow first = sample(task, script, 5, 42);
        assertThat(sample(task, script, 5, 42).tokens()).isEqualTo(first.tokens());
        assertThat(
                        java.util.stream.LongStream.range(0, 10)
                                .mapToObj(seed -> boxed(sample(task, script, 1, seed).tokens()))
                                .distinct())
                .hasSizeGreaterThan(1);
        double meanOfOne =
                java.util.stream.LongStream.range(0, 30)
                        .mapToDouble(seed -> sample(task, script, 1, seed).score())
                        .average()
                        .orElseThrow();
        assertThat(first.score()).isGreaterThan(meanOfOne);
    }

    @Test
    void samplingFollowsTheTemperedDistribution() {
        ScriptedStep.Script script =
                (window, tokens) -> {
                    float[] logits = new float[38];
                    Arrays.fill(logits, -100);
                    logits[3] = 0;
                    logits[4] = 1;
                    return logits;
                };
        WindowTask task = task(NONE, 1, rules(false, 1, 0));
        long fours = 0;
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 4000; i++) {
            GreedySearch search = GreedySearch.sampling(task, 0.5, 1, 1, random);
            DecodedWindow drawn = run(search, script, 1);
            fours += drawn.tokens()[0] == 4 ? 1 : 0;
            // The score is that of the model, without the temperature.
            double expected = drawn.tokens()[0] == 4 ? -0.3133 : -1.3133;
            assertThat(drawn.score()).isEqualTo(expected, offset(1e-3));
        }
        assertThat(fours / 4000.0).isEqualTo(1 / (1 + Math.exp(-2)), offset(0.03));
    }

    @Test
    void cancellingStopsAtTheNextStep() {
        Cancellation cancellation = new Cancellation();
        ScriptedStep.Script script =
                (window, tokens) -> {
                    if (tokens.size() == PROMPT.length + 3) {
                        cancellation.cancel();
                    }
                    float[] logits = new float[38];
                    logits[5] = 9;
                    return logits;
                };
        ScriptedStep step = new ScriptedStep(1, IDS, script);
        GreedySearch search = GreedySearch.best(task(NONE, 30, rules(false, 1, 0)), 1);
        assertThatThrownBy(() -> WindowsTogether.run(step, List.of(search), cancellation))
                .isInstanceOf(EngineException.class);
        assertThat(step.steps()).isEqualTo(4);
    }

    private static DecodedWindow sample(
            WindowTask task, ScriptedStep.Script script, int count, long seed) {
        return run(
                GreedySearch.sampling(task, 1, count, 1, new SplittableRandom(seed)),
                script,
                count);
    }

    private static DecodedWindow run(WindowSearch search, ScriptedStep.Script script, int rows) {
        assertThat(search.rows()).isEqualTo(rows);
        WindowsTogether.run(new ScriptedStep(1, IDS, script), List.of(search), new Cancellation());
        return search.result();
    }

    private static double exhaustive(
            PlainRules rules,
            ScriptedStep.Script script,
            List<Integer> tokens,
            double score,
            int room) {
        List<Integer> all = new ArrayList<>(boxed(PROMPT));
        all.addAll(tokens);
        double[] logProbabilities = rules.logProbabilities(script.logits(0, all), tokens, 0);
        double best = Double.NEGATIVE_INFINITY;
        for (int id = 0; id < logProbabilities.length; id++) {
            double sum = score + logProbabilities[id];
            if (sum < -1e9) {
                continue;
            }
            if (id == 12) {
                best = Math.max(best, sum / Math.max(1, tokens.size()));
            } else if (room == 1) {
                best = Math.max(best, sum / (tokens.size() + 1));
            } else {
                tokens.add(id);
                best = Math.max(best, exhaustive(rules, script, tokens, sum, room - 1));
                tokens.removeLast();
            }
        }
        return best;
    }

    private static WindowTask task(int[] prefix, int maxTokens, LogitRules rules) {
        return new WindowTask(PROMPT, PROMPT.length - 1, prefix, maxTokens, rules);
    }

    private static LogitRules rules(boolean timestamps, double penalty, int ngram) {
        SuppressRules suppress = new SuppressRules(IDS, SUPPRESSED, AT_BEGIN, timestamps);
        return new LogitRules(IDS, suppress, timestamps, 6, penalty, ngram);
    }

    private static PlainRules plainRules(boolean timestamps, double penalty, int ngram) {
        PlainRules rules = new PlainRules(IDS);
        rules.timestamps = timestamps;
        rules.maxInitial = 6;
        rules.penalty = penalty;
        rules.ngram = ngram;
        rules.suppressed = Set.copyOf(boxed(SUPPRESSED));
        rules.suppressedAtBegin = Set.copyOf(boxed(AT_BEGIN));
        return rules;
    }

    /** Logits that depend on everything before, spread by {@code scale}. */
    private static ScriptedStep.Script random(long seed, double scale) {
        return (window, tokens) -> {
            Random random = new Random(seed * 31 + window * 7L + tokens.hashCode());
            float[] logits = new float[38];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) (random.nextGaussian() * scale);
            }
            return logits;
        };
    }

    private static List<Integer> boxed(int[] tokens) {
        return Arrays.stream(tokens).boxed().toList();
    }
}
