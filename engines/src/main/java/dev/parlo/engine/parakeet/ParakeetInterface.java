package dev.parlo.engine.parakeet;

import ai.onnxruntime.OnnxJavaType;
import dev.parlo.engine.EngineException;

/**
 * What the two graphs declare of themselves, after it was compared with what is given to them and
 * expected of them; what they leave open shows when they run.
 *
 * @param layers of the prediction network's memory
 * @param hidden numbers of a layer
 * @param anyNumber whether they take any number of chunks at a time, and not one
 */
record ParakeetInterface(int layers, int hidden, boolean anyNumber) {
    /** Numbers of a frame, or of a layer, at most. */
    static final int WIDEST = 1 << 13;

    private static final int MOST_LAYERS = 16;

    /** Durations are counted from 0; the published models have five. */
    private static final int MOST_DURATIONS = 64;

    /**
     * @param pieces of the vocabulary
     * @throws EngineException BAD_MODEL naming what does not fit
     */
    static ParakeetInterface of(Graph encoder, Graph joint, int pieces) {
        long[] sound = encoder.input("audio_signal", OnnxJavaType.FLOAT, 3);
        long[] length = encoder.input("length", OnnxJavaType.INT64, 1);
        encoder.requireOnly("audio_signal", "length");
        long[] encoded = encoder.output("outputs", OnnxJavaType.FLOAT);
        encoder.output("encoded_lengths", OnnxJavaType.INT64);
        long[] frame = joint.input("encoder_outputs", OnnxJavaType.FLOAT, 3);
        long[] targets = joint.input("targets", OnnxJavaType.INT32, 2);
        long[] counts = joint.input("target_length", OnnxJavaType.INT32, 1);
        joint.requireOnly(
                "encoder_outputs", "targets", "target_length", "input_states_1", "input_states_2");
        long[] scores = joint.output("outputs", OnnxJavaType.FLOAT);
        joint.output("output_states_1", OnnxJavaType.FLOAT);
        joint.output("output_states_2", OnnxJavaType.FLOAT);
        if (encoded.length == 3 && encoded[1] > 0 && frame[1] > 0 && encoded[1] != frame[1]) {
            throw encoder.broken(
                    "gives frames of "
                            + encoded[1]
                            + " numbers, and the decoder takes frames of "
                            + frame[1]);
        }
        long last = scores.length == 0 ? -1 : scores[scores.length - 1];
        if (last > 0) {
            requireScores(joint, last, 1, pieces);
        }
        long[] state = joint.input("input_states_1", OnnxJavaType.FLOAT, 3);
        long[] other = joint.input("input_states_2", OnnxJavaType.FLOAT, 3);
        boolean any = true;
        for (long chunks :
                new long[] {
                    sound[0], length[0], frame[0], targets[0], counts[0], state[1], other[1]
                }) {
            if (chunks > 1 || chunks == 0) {
                throw joint.broken(
                        "and its encoder take "
                                + chunks
                                + " chunks at a time; accepted: 1, or any number");
            }
            any &= chunks < 0; // some are exported for one chunk at a time
        }
        return new ParakeetInterface(
                size(joint, state[0], other[0], MOST_LAYERS),
                size(joint, state[2], other[2], WIDEST),
                any);
    }

    /**
     * Whether scores are those of the vocabulary, and of some durations.
     *
     * @param given how many there are, of all chunks together
     * @throws EngineException BAD_MODEL
     */
    static void requireScores(Graph joint, long given, int chunks, int pieces) {
        long durations = given / chunks - pieces;
        if (given % chunks != 0 || durations < 1 || durations > MOST_DURATIONS) {
            throw joint.broken(
                    "gives "
                            + given
                            + " scores for "
                            + chunks
                            + (chunks == 1 ? " chunk" : " chunks")
                            + "; expected are "
                            + pieces
                            + " for the lines of vocab.txt and 1 to "
                            + MOST_DURATIONS
                            + " for durations, of each");
        }
    }

    private static int size(Graph joint, long one, long other, int most) {
        if (one != other || one < 1 || one > most) {
            throw joint.broken(
                    "has states of "
                            + one
                            + " and "
                            + other
                            + "; accepted: the same, 1 to "
                            + most);
        }
        return (int) one;
    }
}
