package dev.parlo.engine.parakeet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Greedy decoding of a token-and-duration transducer, for several chunks in the same steps: each
 * step writes a token or nothing, and tells how many frames to go on by. Knows no runtime.
 */
final class TdtDecoder {
    private final int vocabulary;
    private final int blank;
    private final int mostTokens;

    /** The prediction network's memory of what was written. */
    record State(float[] first, float[] second) {}

    /** Where one chunk stands. */
    record Row(int chunk, int frame, int token, State state) {}

    /**
     * What a step gives for a row.
     *
     * @param scores one for each piece, the blank the last of them, then one for each duration
     * @param state if the token is taken
     */
    record Scores(float[] scores, State state) {}

    /** Computes a step; the answers are in the order of the rows. */
    interface Step {
        List<Scores> run(List<Row> rows);
    }

    /**
     * @param vocabulary pieces, the blank included
     * @param mostTokens of one frame, at least 1
     */
    TdtDecoder(int vocabulary, int blank, int mostTokens) {
        this.vocabulary = vocabulary;
        this.blank = blank;
        this.mostTokens = mostTokens;
    }

    /**
     * @param frames of each chunk
     * @param start the state before anything was written
     * @param givenUp whether nobody waits for a chunk any more
     * @return the tokens of each chunk
     */
    List<List<TimedToken>> decode(int[] frames, State start, Step step, IntPredicate givenUp) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            chunks.add(new Chunk(i, frames[i], start));
        }
        List<Chunk> open = new ArrayList<>(chunks);
        while (true) {
            open.removeIf(chunk -> chunk.frame >= chunk.frames || givenUp.test(chunk.index));
            if (open.isEmpty()) {
                return chunks.stream().map(chunk -> List.copyOf(chunk.tokens)).toList();
            }
            List<Scores> scores = step.run(open.stream().map(Chunk::row).toList());
            for (int i = 0; i < open.size(); i++) {
                open.get(i).take(scores.get(i));
            }
        }
    }

    private final class Chunk {
        private final int index;
        private final int frames;
        private final List<TimedToken> tokens = new ArrayList<>();
        private State state;
        private int frame;
        private int last = blank;
        private int emitted;

        Chunk(int index, int frames, State start) {
            this.index = index;
            this.frames = frames;
            this.state = start;
        }

        Row row() {
            return new Row(index, frame, last, state);
        }

        void take(Scores answer) {
            float[] scores = answer.scores();
            int token = best(scores, 0, vocabulary);
            int duration = best(scores, vocabulary, scores.length) - vocabulary;
            if (token != blank) {
                tokens.add(new TimedToken(token, frame, duration, logProbability(scores, token)));
                last = token;
                // only of what was written: a state that remembers blanks ruins the text
                state = answer.state();
                emitted++;
            }
            if (duration > 0) {
                frame += duration;
                emitted = 0;
            } else if (token == blank || emitted >= mostTokens) {
                frame++; // neither a blank nor a token said again and again may stay for ever
                emitted = 0;
            }
        }
    }

    private static int best(float[] scores, int from, int to) {
        int best = from;
        for (int i = from + 1; i < to; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    private double logProbability(float[] scores, int token) {
        double sum = 0;
        for (float score : Arrays.copyOf(scores, vocabulary)) {
            sum += Math.exp(score - (double) scores[token]);
        }
        return -Math.log(sum);
    }
}
