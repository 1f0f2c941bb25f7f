package dev.parlo.engine.parakeet;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import dev.parlo.engine.onnx.GraphParts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes a tiny model with the interface of the published exports, and decodes as it does by plain
 * loops. The encoder hands on every eighth frame; the decoder's scores are a sum of what it hears,
 * the last token and its state, by made-up weights.
 */
public final class TinyParakeet {
    public static final List<String> PIECES =
            List.of("\u2581the", "\u2581cat", "s", ".", "\u2581sat", "<|en|>", ",", "\u2581on");

    private static final int BLANK = PIECES.size();
    private static final int SCORES = PIECES.size() + 1 + 5;
    private static final int LAYERS = 2;
    private static final int HIDDEN = 8;
    private static final int FLOAT = 1;
    private static final int INT32 = 6;
    private static final int INT64 = 7;

    private final float[][] heard;
    private final float[][] said;
    private final float[][] kept;
    private final float[][] remembered;

    private final long batch;

    /**
     * @param seed of its weights
     */
    public TinyParakeet(long seed) {
        this(seed, -1);
    }

    /**
     * @param batch how many chunks its graphs take, -1 for any number
     */
    TinyParakeet(long seed, long batch) {
        this.batch = batch;
        Random random = new Random(seed);
        heard = matrix(random, NemoMel.BANDS, SCORES, 0.15);
        said = matrix(random, PIECES.size() + 1, SCORES, 0.7);
        kept = matrix(random, HIDDEN, SCORES, 0.7);
        remembered = matrix(random, NemoMel.BANDS, HIDDEN, 0.1);
    }

    private static float[][] matrix(Random random, int rows, int columns, double scale) {
        float[][] matrix = new float[rows][columns];
        for (float[] row : matrix) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) (random.nextGaussian() * scale);
            }
        }
        return matrix;
    }

    /**
     * Writes the two graphs of one precision, {@code ""} or {@code ".int8"}, and what both share.
     */
    public void write(Path folder, String variant) throws IOException {
        Files.createDirectories(folder);
        StringBuilder vocabulary = new StringBuilder();
        for (int i = 0; i < PIECES.size(); i++) {
            vocabulary.append(PIECES.get(i)).append(' ').append(i).append('\n');
        }
        Files.writeString(folder.resolve("vocab.txt"), vocabulary + "<blk> " + BLANK + "\n");
        Files.writeString(
                folder.resolve("config.json"),
                "{\"model_type\": \"nemo-conformer-tdt\", \"features_size\": 128,"
                        + " \"subsampling_factor\": 8, \"max_tokens_per_step\": 3}");
        Files.write(folder.resolve("encoder-model" + variant + ".onnx"), encoder().toByteArray());
        Files.write(
                folder.resolve("decoder_joint-model" + variant + ".onnx"), decoder().toByteArray());
    }

    /** A model with a vocabulary of so many pieces more, which says something else. */
    public static void widen(Path folder, int pieces) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < BLANK + pieces; i++) {
            lines.append(i < BLANK ? PIECES.get(i) : "x" + i).append(' ').append(i).append('\n');
        }
        Files.writeString(folder.resolve("vocab.txt"), lines + "<blk> " + (BLANK + pieces) + "\n");
        Path decoder = folder.resolve("decoder_joint-model.onnx");
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(decoder)).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.getNodeBuilderList().stream()
                .filter(node -> node.getOutput(0).equals("outputs"))
                .forEach(node -> node.setOutput(0, "few"));
        graph.getInitializerBuilderList().stream()
                .filter(weights -> weights.getName().equals("said"))
                .forEach(weights -> {
                    weights.setDims(0, weights.getDims(0) + pieces);
                    for (int i = 0; i < pieces * SCORES; i++) {
                        weights.addFloatData(0);
                    }
                });
        TensorProto.Builder pads =
                TensorProto.newBuilder().setName("pads").setDataType(INT64).addDims(8);
        for (int i = 0; i < 8; i++) {
            pads.addInt64Data(i == 7 ? pieces : 0);
        }
        graph.addInitializer(pads);
        graph.addNode(
                NodeProto.newBuilder()
                        .setOpType("Pad")
                        .addOutput("outputs")
                        .addAllInput(List.of("few", "pads")));
        graph.getOutputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .setDim(
                        3,
                        TensorShapeProto.Dimension.newBuilder()
                                .setDimValue(SCORES + (long) pieces));
        Files.write(decoder, model.build().toByteArray());
    }

    private ModelProto encoder() {
        Graph graph = new Graph();
        graph.input("audio_signal", FLOAT, batch, 128, -1);
        graph.input("length", INT64, batch);
        graph.longs("from", 0);
        graph.longs("to", Long.MAX_VALUE);
        graph.longs("axis", 2);
        graph.longs("step", 8);
        graph.longs("one", 1);
        graph.node("Slice", "outputs", "audio_signal", "from", "to", "axis", "step");
        graph.node("Sub", "less", "length", "one");
        graph.node("Div", "eighth", "less", "step");
        graph.node("Add", "encoded_lengths", "eighth", "one");
        graph.output("outputs", FLOAT, -1, 128, -1);
        graph.output("encoded_lengths", INT64, -1);
        return graph.model();
    }

    private ModelProto decoder() {
        Graph graph = new Graph();
        graph.input("encoder_outputs", FLOAT, batch, 128, 1);
        graph.input("targets", INT32, batch, 1);
        graph.input("target_length", INT32, batch);
        graph.input("input_states_1", FLOAT, LAYERS, batch, HIDDEN);
        graph.input("input_states_2", FLOAT, LAYERS, batch, HIDDEN);
        graph.floats("heard", heard);
        graph.floats("said", said);
        graph.floats("kept", kept);
        graph.floats("remembered", remembered);
        graph.longs("axis1", 1);
        graph.longs("axis2", 2);
        graph.longs("axes12", 1, 2);
        graph.scalar("layer", 1);
        graph.node("Squeeze", "frame", "encoder_outputs", "axis2");
        graph.node("MatMul", "by_sound", "frame", "heard");
        graph.node("Squeeze", "last", "targets", "axis1");
        graph.node("Gather", "by_word", "said", "last");
        graph.node("Gather", "state", "input_states_1", "layer");
        graph.node("MatMul", "by_state", "state", "kept");
        graph.node("Add", "sum", "by_sound", "by_word");
        graph.node("Add", "scores", "sum", "by_state");
        graph.node("Unsqueeze", "outputs", "scores", "axes12");
        graph.node("MatMul", "news", "frame", "remembered");
        graph.node("Add", "grown", "input_states_1", "news");
        graph.node("Tanh", "output_states_1", "grown");
        graph.node("Identity", "output_states_2", "input_states_2");
        graph.output("outputs", FLOAT, -1, 1, 1, SCORES);
        graph.output("output_states_1", FLOAT, LAYERS, -1, HIDDEN);
        graph.output("output_states_2", FLOAT, LAYERS, -1, HIDDEN);
        return graph.model();
    }

    /** What the model says of some samples: one chunk, plain loops. */
    public List<TimedToken> tokens(float[] samples) {
        float[] padded = java.util.Arrays.copyOf(samples, Math.max(16_000, samples.length));
        float[] features = new NemoMel().features(padded);
        int mels = features.length / NemoMel.BANDS;
        int frames = (mels - 1) / 8 + 1;
        List<TimedToken> tokens = new ArrayList<>();
        double[] state = new double[HIDDEN];
        int last = BLANK;
        int emitted = 0;
        int t = 0;
        while (t < frames) {
            double[] scores = new double[SCORES];
            double[] next = state.clone();
            for (int k = 0; k < SCORES; k++) {
                scores[k] = said[last][k];
                for (int h = 0; h < HIDDEN; h++) {
                    scores[k] += state[h] * kept[h][k];
                }
                for (int band = 0; band < NemoMel.BANDS; band++) {
                    scores[k] += features[band * mels + 8 * t] * (double) heard[band][k];
                }
            }
            for (int h = 0; h < HIDDEN; h++) {
                for (int band = 0; band < NemoMel.BANDS; band++) {
                    next[h] += features[band * mels + 8 * t] * (double) remembered[band][h];
                }
                next[h] = Math.tanh(next[h]);
            }
            int token = 0;
            double sum = 0;
            for (int k = 0; k <= BLANK; k++) {
                token = scores[k] > scores[token] ? k : token;
                sum += Math.exp(scores[k]);
            }
            int duration = 0;
            for (int k = 1; k < 5; k++) {
                duration = scores[BLANK + 1 + k] > scores[BLANK + 1 + duration] ? k : duration;
            }
            if (token != BLANK) {
                tokens.add(new TimedToken(token, t, duration, scores[token] - Math.log(sum)));
                last = token;
                state = next;
                emitted++;
            }
            if (duration > 0) {
                t += duration;
                emitted = 0;
            } else if (token == BLANK || emitted >= 3) {
                t++;
                emitted = 0;
            }
        }
        return tokens;
    }

    /** The same as text. */
    public String text(float[] samples) {
        StringBuilder text = new StringBuilder();
        for (TimedToken token : tokens(samples)) {
            String piece = PIECES.get(token.id());
            text.append(piece.startsWith("<") ? "" : piece.replace('\u2581', ' '));
        }
        return text.toString().strip();
    }

    /** A graph in the making. */
    private static final class Graph {
        private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");

        void input(String name, int type, long... dims) {
            graph.addInput(GraphParts.value(name, type, dims));
        }

        void output(String name, int type, long... dims) {
            graph.addOutput(GraphParts.value(name, type, dims));
        }

        void node(String operator, String output, String... inputs) {
            graph.addNode(GraphParts.node(operator, output, inputs));
        }

        void longs(String name, long... values) {
            graph.addInitializer(GraphParts.longs(name, values));
        }

        void scalar(String name, long value) {
            graph.addInitializer(GraphParts.scalar(name, value));
        }

        void floats(String name, float[][] values) {
            TensorProto.Builder tensor =
                    TensorProto.newBuilder()
                            .setName(name)
                            .setDataType(FLOAT)
                            .addDims(values.length)
                            .addDims(values[0].length);
            for (float[] row : values) {
                for (float value : row) {
                    tensor.addFloatData(value);
                }
            }
            graph.addInitializer(tensor);
        }

        ModelProto model() {
            return GraphParts.model(graph, 17);
        }
    }
}
