package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WeightFile;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One step of the text decoder for N rows of S tokens each, over W windows: N·S = W·Q. Greedy
 * search is N = 1, beam search N = 5, a prefill S &gt; 1; all are this graph.
 *
 * <p>Inputs: {@code x [N·S, d]} embedded tokens with their positions added; {@code self_shape [3]}
 * = N, S, 3d; {@code cross_shape [4]} = W, Q, heads, 64; {@code lengths int32 [N]} tokens in each
 * row's cache after the step, less one; {@code longest int32 [1]} the largest of them plus one;
 * {@code past_k_i}, {@code past_v_i [N, heads, positions, 64]} the caches, written in place (bind
 * {@code present_k_i}, {@code present_v_i} to the same memory); {@code cross_k_i}, {@code
 * cross_v_i} as the encoder leaves them, [W, …], of n audio positions each; {@code select [K + P]}
 * which of the N·S positions to read out: K to choose in, P to probe; {@code mask_table bool [M,
 * text]} banned text ids and {@code mask_row [K]}; {@code ts_from}, {@code ts_end [K, 1]} the
 * allowed timestamps; {@code candidates [1]} how many of each zone; {@code text_slice_end} = K,
 * text; {@code ts_slice_end} = K, vocabulary; {@code probe_slice_start} = K, 0; {@code
 * probe_slice_end} = K + P and how much of the vocabulary the probes' probabilities are over;
 * {@code probe_ids [P, G]}.
 *
 * <p>Outputs: {@code logits [K + P, vocabulary]}, raw; {@code text_logits}, {@code text_ids},
 * {@code ts_logits}, {@code ts_ids} [K, candidates]; {@code text_lse}, {@code ts_lse} [K, 1];
 * {@code probe_logits}, {@code probe_log_probabilities} [P, G]; {@code scores_i [W, heads, n, Q]},
 * raw scaled cross-attention of each layer with an alignment head.
 */
final class DecoderGraph {
    private static final int HEAD = WhisperShape.HEAD_WIDTH;

    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final WhisperShape shape;
    private final Layers layers;
    private final Set<Integer> alignmentLayers = new TreeSet<>();

    private DecoderGraph(Checkpoint checkpoint, ComputePlan plan, WeightFile weights) {
        this.graph = new GraphBuilder("whisper-decoder", weights);
        this.checkpoint = checkpoint;
        this.shape = checkpoint.shape();
        this.layers = new Layers(graph, checkpoint, plan.decoderLinear());
        for (WhisperConfig.AlignmentHead head : checkpoint.config().alignmentHeads(shape)) {
            alignmentLayers.add(head.layer());
        }
    }

    /**
     * A graph with the place of the token embeddings, which the step looks up itself.
     *
     * @param embeddings float [vocabulary, d], or blocks of 8 bits
     * @param positions float [positions, d]
     */
    record Built(GraphBuilder graph, EmbeddingLayout embeddings, WeightFile.ByteRange positions) {}

    /** Builds the graph and writes its weights. */
    static Built build(Checkpoint checkpoint, ComputePlan plan, WeightFile weights) {
        return new DecoderGraph(checkpoint, plan, weights).build();
    }

    private Built build() {
        int d = shape.width();
        String x = graph.input(GraphNames.TOKENS, ElementType.FLOAT, "tokens", d);
        graph.input(GraphNames.SELF_SHAPE, ElementType.INT64, 3);
        graph.input(GraphNames.CROSS_SHAPE, ElementType.INT64, 4);
        graph.input(GraphNames.LENGTHS, ElementType.INT32, "rows");
        graph.input(GraphNames.LONGEST, ElementType.INT32, 1);
        String select = graph.input(GraphNames.SELECT, ElementType.INT64, "selected");
        String decoded = layers.decoder(x, this::selfAttention, this::crossAttention);
        String hidden = graph.op("Gather", List.of(decoded, select), Attribute.of("axis", 0));
        EmbeddingLayout embeddings = logits(hidden);
        new ReadoutGraph(graph, shape).build();
        long start = graph.weights().begin();
        graph.weights()
                .append(
                        checkpoint
                                .variable(
                                        "decoder/position_encodings/encodings",
                                        shape.textPositions(),
                                        d)
                                .toFloats());
        return new Built(graph, embeddings, graph.weights().end(start));
    }

    /** Causal attention over each row's own cache, which is extended in place. */
    private String selfAttention(int i, String x, String block) {
        int d = shape.width();
        int heads = shape.heads();
        String qkv =
                graph.op(
                        "Add",
                        List.of(
                                layers.linear()
                                        .multiply(
                                                graph,
                                                x,
                                                layers.matrix(block + "/linear_0/weight")),
                                layers.vector(block + "/linear_0/bias", 3 * d)));
        cache(GraphNames.pastKeys(i), GraphNames.presentKeys(i));
        cache(GraphNames.pastValues(i), GraphNames.presentValues(i));
        String attended = graph.fresh("self");
        graph.node(
                GraphBuilder.MICROSOFT,
                "GroupQueryAttention",
                List.of(
                        graph.op("Reshape", List.of(qkv, GraphNames.SELF_SHAPE)),
                        "",
                        "",
                        GraphNames.pastKeys(i),
                        GraphNames.pastValues(i),
                        GraphNames.LENGTHS,
                        GraphNames.LONGEST),
                List.of(attended, GraphNames.presentKeys(i), GraphNames.presentValues(i)),
                Attribute.of("num_heads", heads),
                Attribute.of("kv_num_heads", heads),
                Attribute.of("scale", Layers.ATTENTION_SCALE));
        String flat = graph.op("Reshape", List.of(attended, graph.longs(-1, d)));
        return layers.linear().multiply(graph, flat, layers.matrix(block + "/linear_1/weight"));
    }

    private void cache(String past, String present) {
        Object[] shape = {"rows", this.shape.heads(), "positions", HEAD};
        graph.input(past, ElementType.FLOAT, shape);
        graph.declareOutput(present, ElementType.FLOAT, shape);
    }

    /**
     * Attention over the audio. A window's rows are a sequence on one copy of its keys and values,
     * and the large cache is the left operand of both products, which is how the matrix kernels
     * read it without packing it first.
     */
    private String crossAttention(int i, String x, String block) {
        int d = shape.width();
        int heads = shape.heads();
        String keys =
                graph.input(
                        GraphNames.crossKeys(i), ElementType.FLOAT, "windows", heads, "n", HEAD);
        String values =
                graph.input(
                        GraphNames.crossValues(i), ElementType.FLOAT, "windows", heads, HEAD, "n");
        float[] bias = checkpoint.variable(block + "/linear_0/bias", d).toFloats();
        for (int j = 0; j < d; j++) {
            bias[j] *= Layers.ATTENTION_SCALE;
        }
        Matrix query = layers.matrix(block + "/linear_0/weight").times(Layers.ATTENTION_SCALE);
        String q =
                graph.op(
                        "Add",
                        List.of(layers.linear().multiply(graph, x, query), graph.floats(bias, d)));
        String heading = graph.op("Reshape", List.of(q, GraphNames.CROSS_SHAPE)); // [W, Q, H, 64]
        String qt =
                graph.op(
                        "Transpose",
                        List.of(heading),
                        Attribute.of("perm", new long[] {0, 2, 3, 1}));
        String scores = GraphNames.scores(i); // [W, H, n, Q]
        graph.node("", "MatMul", List.of(keys, qt), List.of(scores));
        if (alignmentLayers.contains(i)) {
            graph.declareOutput(scores, ElementType.FLOAT, "windows", heads, "n", "queries");
        }
        String p = graph.op("Softmax", List.of(scores), Attribute.of("axis", 2));
        String attended = graph.op("MatMul", List.of(values, p)); // [W, H, 64, Q]
        String rows =
                graph.op(
                        "Transpose",
                        List.of(attended),
                        Attribute.of("perm", new long[] {0, 3, 1, 2}));
        String flat = graph.op("Reshape", List.of(rows, graph.longs(-1, d)));
        return layers.linear().multiply(graph, flat, layers.matrix(block + "/linear_2/weight"));
    }

    /** Output projection without a bias: [K, d] to [K, vocabulary]. */
    private EmbeddingLayout logits(String hidden) {
        Matrix embeddings = layers.matrix("decoder/embeddings/weight");
        Matrix projection = Matrix.of(checkpoint.projection());
        String logits;
        EmbeddingLayout layout;
        if (layers.linear() instanceof BlockQuantizedLinear blockwise) {
            BlockQuantizedLinear.Blocks blocks =
                    BlockQuantizedLinear.write(graph.weights(), projection);
            logits = blockwise.multiply(graph, hidden, blocks);
            layout =
                    new EmbeddingLayout(
                            blocks.values().offset(), blocks.scales().offset(), blocks.block());
        } else {
            WeightFile.ByteRange range = graph.floats(projection);
            String w =
                    graph.external(
                            ElementType.FLOAT, range, projection.rows(), projection.columns());
            logits = graph.op("Gemm", List.of(hidden, w), Attribute.of("transB", 1));
            layout = new EmbeddingLayout(range.offset(), 0, 0);
        }
        graph.output(
                logits, GraphNames.LOGITS, ElementType.FLOAT, "selected", shape.vocabularySize());
        // One table for both, unless they were trained apart.
        boolean tied = projection.equals(embeddings);
        return tied ? layout : new EmbeddingLayout(graph.floats(embeddings).offset(), 0, 0);
    }
}
