package dev.parlo.engine.parakeet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.parakeet.TdtDecoder.Row;
import dev.parlo.engine.parakeet.TdtDecoder.Scores;
import dev.parlo.engine.parakeet.TdtDecoder.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TdtDecoderTest {
    private static final int BLANK = 9;
    private static final State START = new State(new float[] {0}, new float[0]);

    private final TdtDecoder decoder = new TdtDecoder(BLANK + 1, BLANK, 10);

    /** Scores that choose a token and a duration; the state counts the tokens. */
    private static Scores answer(Row row, int token, int duration) {
        float[] scores = new float[BLANK + 1 + 5];
        scores[token] = 3;
        scores[BLANK + 1 + duration] = 2;
        return new Scores(scores, new State(new float[] {written(row) + 1}, new float[0]));
    }

    private static int written(Row row) {
        return (int) row.state().first()[0];
    }

    private List<List<TimedToken>> decode(int[] frames, TdtDecoder.Step step) {
        return decoder.decode(frames, START, step, chunk -> false);
    }

    private static List<String> shown(List<TimedToken> tokens) {
        return tokens.stream()
                .map(token -> token.id() + "@" + token.frame() + "+" + token.duration())
                .toList();
    }

    @Test
    void aTokenTellsHowManyFramesToGoOnBy() {
        Map<String, int[]> script =
                Map.of(
                        "0,0", new int[] {BLANK, 2},
                        "2,0", new int[] {1, 0},
                        "2,1", new int[] {2, 3},
                        "5,2", new int[] {BLANK, 0},
                        "6,2", new int[] {3, 4},
                        "10,3", new int[] {BLANK, 1});
        TdtDecoder.Step step =
                rows ->
                        rows.stream()
                                .map(row -> {
                                    int[] said =
                                            script.getOrDefault(
                                                    row.frame() + "," + written(row),
                                                    new int[] {BLANK, 1});
                                    return answer(row, said[0], said[1]);
                                })
                                .toList();
        assertThat(shown(decode(new int[] {12}, step).getFirst()))
                .containsExactly("1@2+0", "2@2+3", "3@6+4");
    }

    @Test
    void aTokenThatIsSaidAgainAndAgainMovesOnAfterTheMostOfAFrame() {
        List<TimedToken> tokens =
                decode(new int[] {4}, rows -> rows.stream().map(row -> answer(row, 5, 0)).toList())
                        .getFirst();
        assertThat(tokens).hasSize(40);
        assertThat(tokens.get(9).frame()).isZero();
        assertThat(tokens.get(10).frame()).isOne();
    }

    @Test
    void aBlankOfNoDurationMovesOn() {
        List<Integer> frames = new ArrayList<>();
        TdtDecoder.Step step =
                rows -> {
                    frames.add(rows.getFirst().frame());
                    return rows.stream().map(row -> answer(row, BLANK, 0)).toList();
                };
        assertThat(decode(new int[] {3}, step).getFirst()).isEmpty();
        assertThat(frames).containsExactly(0, 1, 2);
    }

    @Test
    void theStateOfABlankIsForgotten() {
        Set<State> seen = new java.util.HashSet<>();
        decode(
                new int[] {5},
                rows -> {
                    seen.add(rows.getFirst().state());
                    return rows.stream().map(row -> answer(row, BLANK, 1)).toList();
                });
        assertThat(seen).containsExactly(START);
    }

    @Test
    void chunksThatAreDoneOrGivenUpAreNotComputedAnyMore() {
        List<List<Integer>> computed = new ArrayList<>();
        List<List<TimedToken>> tokens =
                decoder.decode(
                        new int[] {1, 3, 0, 3},
                        START,
                        rows -> {
                            computed.add(rows.stream().map(Row::chunk).toList());
                            return rows.stream().map(row -> answer(row, 4, 1)).toList();
                        },
                        chunk -> chunk == 3 && computed.size() > 1);
        assertThat(computed).containsExactly(List.of(0, 1, 3), List.of(1, 3), List.of(1));
        assertThat(tokens.stream().map(List::size)).containsExactly(1, 3, 0, 2);
    }
}
