package dev.parlo.engine.whisper.words;

import dev.parlo.engine.whisper.network.Alignment;

/**
 * Turns the cross-attention of the alignment heads into the moment at which each token begins, as
 * CTranslate2's {@code Whisper.align}.
 */
final class AttentionAlignment {
    private AttentionAlignment() {}

    /**
     * @param tokens rows of the scores
     * @param firstRow row that predicts the first text token
     * @param rows rows to align: one for each text token and one for the end
     * @param columns encoder positions (20 ms) that hold audio
     * @return the first position of each row; empty without columns
     */
    static int[] starts(Alignment alignment, int tokens, int firstRow, int rows, int columns) {
        int heads = alignment.heads();
        int positions = alignment.scores().length / (heads * tokens);
        float[] mean = new float[rows * columns];
        for (int head = 0; head < heads; head++) {
            float[] weights = softmax(alignment.scores(), head, tokens, positions, columns);
            normaliseOverTokens(weights, tokens, columns);
            for (int row = 0; row < rows; row++) {
                int from = (firstRow + row) * columns;
                MedianFilter.apply(weights, from, columns);
                for (int column = 0; column < columns; column++) {
                    mean[row * columns + column] += weights[from + column] / heads;
                }
            }
        }
        return DynamicTimeWarping.firstColumns(mean, rows, columns);
    }

    /** Over the positions that hold audio: {@code [tokens, columns]}. */
    private static float[] softmax(
            float[] scores, int head, int tokens, int positions, int columns) {
        float[] weights = new float[tokens * columns];
        for (int token = 0; token < tokens; token++) {
            int from = (head * tokens + token) * positions;
            float max = Float.NEGATIVE_INFINITY;
            for (int column = 0; column < columns; column++) {
                max = Math.max(max, scores[from + column]);
            }
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                float weight = (float) Math.exp(scores[from + column] - max);
                weights[token * columns + column] = weight;
                sum += weight;
            }
            for (int column = 0; column < columns; column++) {
                weights[token * columns + column] /= (float) sum;
            }
        }
        return weights;
    }

    /** To mean 0 and variance 1 in each column. */
    private static void normaliseOverTokens(float[] weights, int tokens, int columns) {
        for (int column = 0; column < columns; column++) {
            double sum = 0;
            double squares = 0;
            for (int token = 0; token < tokens; token++) {
                sum += weights[token * columns + column];
            }
            double mean = sum / tokens;
            for (int token = 0; token < tokens; token++) {
                double difference = weights[token * columns + column] - mean;
                squares += difference * difference;
            }
            double deviation = Math.sqrt(squares / tokens);
            for (int token = 0; token < tokens; token++) {
                int at = token * columns + column;
                weights[at] = deviation == 0 ? 0 : (float) ((weights[at] - mean) / deviation);
            }
        }
    }
}
