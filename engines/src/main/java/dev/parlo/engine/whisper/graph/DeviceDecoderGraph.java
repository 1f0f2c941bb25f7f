package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A step of the text decoder for N rows of S tokens over W windows, N·S = W·Q, whose memory all
 * lies on a device and whose shapes and addresses are the same in every step, so that it can be
 * recorded once and played again.
 *
 * <p>Inputs on the device: {@code x int32 [N·S]} places of the tokens in {@link VocabularyChunks};
 * {@code positions int32 [N·S]}; {@code lengths int32 [N]} tokens in each row's cache after the
 * step, less one; {@code past_k_i}, {@code past_v_i [N, heads, positions, 64]} the caches, written
 * in place (bind {@code present_k_i}, {@code present_v_i} to the same memory); {@code cross_k_i},
 * {@code cross_v_i [W, 1500, d]} as the encoder leaves them; {@code select int64 [K]} which of the
 * N·S positions to read out; {@code rule_rows int32 [K, chunks]} rows of the table {@code rules
 * [rows, 256]}, whose numbers are added to the logits of each chunk; {@code asked_ids int32 [K, G]}
 * places. On the processor: {@code longest int32 [1]}, {@code self_shape [3]} = N, S, 3d, {@code
 * cross_shape [3]} = W, Q, d, {@code candidates [1]} = C.
 *
 * <p>Outputs: {@code logits [K, places]} raw; of every chunk {@code best [K, chunks, C]} the
 * largest logits after the tables, best first, {@code best_index uint8} where in the chunk they
 * are, and {@code chunk_lse [K, chunks]}; {@code asked [K, G]} raw logits.
 *
 * <p>The graph of alignments has instead of those {@code scores_i [heads, S, 1500]} of each layer
 * with alignment heads, raw and scaled, and {@code log_probabilities [K, G]} of the ids that were
 * asked for among the first {@code text_end [2]} = K, ids.
 */
final class DeviceDecoderGraph {
    private static final int AUDIO = WhisperShape.AUDIO_POSITIONS;
    private static final int HEAD = WhisperShape.HEAD_WIDTH;
    private static final int CACHE_POSITIONS = DeviceModel.CACHE_POSITIONS;

    private final GraphBuilder graph;
    private final Checkpoint checkpoint;
    private final WhisperShape shape;
    private final DeviceWeights weights;
    private final DeviceLayers layers;
    private final VocabularyChunks chunks;
    private final SelfAttention attention;
    private final boolean alignment;
    private @Nullable String mask;

    private DeviceDecoderGraph(
            Checkpoint checkpoint,
            GraphBuilder graph,
            DeviceWeights weights,
            SelfAttention attention,
            boolean alignment) {
        this.graph = graph;
        this.checkpoint = checkpoint;
        this.shape = checkpoint.shape();
        this.weights = weights;
        this.layers = new DeviceLayers(graph, checkpoint, weights);
        this.chunks = VocabularyChunks.of(shape);
        this.attention = attention;
        this.alignment = alignment;
    }

    /** The graph of steps and prompts. */
    static void build(
            Checkpoint checkpoint,
            GraphBuilder graph,
            DeviceWeights weights,
            SelfAttention attention) {
        new DeviceDecoderGraph(checkpoint, graph, weights, attention, false).build();
    }

    /** The graph of alignments. */
    static void buildAlignment(
            Checkpoint checkpoint,
            GraphBuilder graph,
            DeviceWeights weights,
            SelfAttention attention) {
        new DeviceDecoderGraph(checkpoint, graph, weights, attention, true).build();
    }

    private void build() {
        int d = shape.width();
        String tokens = graph.input(GraphNames.TOKENS, ElementType.INT32, "tokens");
        String positions = graph.input(GraphNames.POSITIONS, ElementType.INT32, "tokens");
        graph.input(GraphNames.SELF_SHAPE, ElementType.INT64, 3);
        graph.input(GraphNames.CROSS_SHAPE, ElementType.INT64, 3);
        String select = graph.input(GraphNames.SELECT, ElementType.INT64, "selected");
        String embeddings =
                weights.embeddings(graph, layers.matrix("decoder/embeddings/weight"), chunks);
        String table =
                layers.weight("decoder/position_encodings/encodings", shape.textPositions(), d);
        String x = graph.op("Add", List.of(gather(embeddings, tokens), gather(table, positions)));
        String decoded = layers.decoder(x, this::selfAttention, this::crossAttention);
        Matrix projection = Matrix.of(checkpoint.projection());
        // The same weights again where they are tied: then nothing more is written.
        logits(gather(decoded, select), weights.embeddings(graph, projection, chunks));
        if (alignment) {
            textProbabilities(GraphNames.LOGITS);
        } else {
            readout(GraphNames.LOGITS);
        }
    }

    /** Under their own name at once: an output of another name would be a copy. */
    private void logits(String hidden, String projection) {
        boolean halves = weights.type() == ElementType.FLOAT16;
        String product = halves ? graph.fresh("logits") : GraphNames.LOGITS;
        graph.node(
                "",
                "Gemm",
                List.of(hidden, projection),
                List.of(product),
                Attribute.of("transB", 1));
        if (halves) {
            graph.node(
                    "",
                    "Cast",
                    List.of(product),
                    List.of(GraphNames.LOGITS),
                    Attribute.of("to", ElementType.FLOAT.id()));
        }
    }

    /** Causal attention over each row's own cache, which is extended in place. */
    private String selfAttention(int i, String x, String block) {
        String projected =
                projected(x, block + "/linear_0", layers.vector(block + "/linear_0/bias", qkv()));
        String qkv = graph.op("Reshape", List.of(projected, GraphNames.SELF_SHAPE));
        cache(GraphNames.pastKeys(i), GraphNames.presentKeys(i));
        cache(GraphNames.pastValues(i), GraphNames.presentValues(i));
        String attended =
                switch (attention) {
                    case GROUPED -> grouped(i, qkv);
                    case SCATTERED -> scattered(i, qkv);
                };
        return layers.linear()
                .multiply(graph, flat(attended), layers.matrix(block + "/linear_1/weight"));
    }

    /** One operator; on a GPU it knows half floats only. */
    private String grouped(int i, String qkv) {
        graph.input(GraphNames.LENGTHS, ElementType.INT32, "rows");
        graph.input(GraphNames.LONGEST, ElementType.INT32, 1);
        String attended = graph.fresh("self");
        graph.node(
                GraphBuilder.MICROSOFT,
                "GroupQueryAttention",
                List.of(
                        qkv,
                        "",
                        "",
                        GraphNames.pastKeys(i),
                        GraphNames.pastValues(i),
                        GraphNames.LENGTHS,
                        GraphNames.LONGEST),
                List.of(attended, GraphNames.presentKeys(i), GraphNames.presentValues(i)),
                Attribute.of("num_heads", shape.heads()),
                Attribute.of("kv_num_heads", shape.heads()),
                Attribute.of("scale", Layers.ATTENTION_SCALE));
        return attended;
    }

    /** Keys and values are written into the caches, then all of these are attended to by a mask. */
    private String scattered(int i, String qkv) {
        graph.input(GraphNames.FIRST, ElementType.INT64, "rows");
        List<String> parts = List.of(graph.fresh("q"), graph.fresh("k"), graph.fresh("v"));
        graph.node(
                "",
                "Split",
                List.of(qkv),
                parts,
                Attribute.of("axis", 2),
                Attribute.of("num_outputs", 3));
        extend(GraphNames.pastKeys(i), byHead(parts.get(1)), GraphNames.presentKeys(i));
        extend(GraphNames.pastValues(i), byHead(parts.get(2)), GraphNames.presentValues(i));
        String attended =
                graph.op(
                        "Attention",
                        List.of(
                                byHead(parts.get(0)),
                                GraphNames.presentKeys(i),
                                GraphNames.presentValues(i),
                                mask()),
                        Attribute.of("scale", Layers.ATTENTION_SCALE));
        return graph.op(
                "Transpose", List.of(attended), Attribute.of("perm", new long[] {0, 2, 1, 3}));
    }

    private void extend(String past, String written, String present) {
        graph.node(
                "",
                "TensorScatter",
                List.of(past, written, GraphNames.FIRST),
                List.of(present),
                Attribute.of("axis", 2));
    }

    /** [rows, S, d] to [rows, heads, S, 64]. */
    private String byHead(String x) {
        String split = graph.op("Reshape", List.of(x, graph.longs(0, 0, shape.heads(), HEAD)));
        return graph.op("Transpose", List.of(split), Attribute.of("perm", new long[] {0, 2, 1, 3}));
    }

    /** Each token sees those before it and itself: [rows, 1, S, positions], made once. */
    private String mask() {
        if (mask == null) {
            String shaped =
                    graph.op(
                            "Reshape",
                            List.of(
                                    GraphNames.POSITIONS,
                                    graph.input(GraphNames.MASK_SHAPE, ElementType.INT64, 4)));
            String places = graph.ints(IntStream.range(0, CACHE_POSITIONS).toArray());
            mask = graph.op("LessOrEqual", List.of(places, shaped));
        }
        return mask;
    }

    private int qkv() {
        return 3 * shape.width();
    }

    private String projected(String x, String name, String bias) {
        String product = layers.linear().multiply(graph, x, layers.matrix(name + "/weight"));
        return graph.op("Add", List.of(product, bias));
    }

    private void cache(String past, String present) {
        Object[] dims = {"rows", shape.heads(), "positions", HEAD};
        graph.input(past, weights.type(), dims);
        graph.declareOutput(present, weights.type(), dims);
    }

    /** A window's rows are a sequence on one copy of its keys and values. */
    private String crossAttention(int i, String x, String block) {
        int d = shape.width();
        String keys = graph.input(GraphNames.crossKeys(i), weights.type(), "windows", AUDIO, d);
        String values = graph.input(GraphNames.crossValues(i), weights.type(), "windows", AUDIO, d);
        String q = projected(x, block + "/linear_0", layers.vector(block + "/linear_0/bias", d));
        if (alignment) {
            scores(i, q, keys);
        }
        String attended =
                graph.op(
                        "Attention",
                        List.of(
                                graph.op("Reshape", List.of(q, GraphNames.CROSS_SHAPE)),
                                keys,
                                values),
                        Attribute.of("q_num_heads", shape.heads()),
                        Attribute.of("kv_num_heads", shape.heads()),
                        Attribute.of("scale", Layers.ATTENTION_SCALE));
        return layers.linear()
                .multiply(graph, flat(attended), layers.matrix(block + "/linear_2/weight"));
    }

    /** Where the layer's alignment heads listen, of the one window that is aligned. */
    private void scores(int i, String q, String keys) {
        long[] heads =
                checkpoint.config().alignmentHeads(shape).stream()
                        .filter(head -> head.layer() == i)
                        .mapToLong(WhisperConfig.AlignmentHead::head)
                        .toArray();
        if (heads.length == 0) {
            return;
        }
        String ids = graph.longs(heads);
        String byHead = graph.longs(-1, shape.heads(), HEAD);
        String queries = heads(graph.op("Reshape", List.of(q, byHead)), ids, 1, 0, 2);
        String listened = heads(graph.op("Reshape", List.of(keys, byHead)), ids, 1, 2, 0);
        String product = floats(graph.op("MatMul", List.of(queries, listened)));
        graph.node(
                "",
                "Mul",
                List.of(product, graph.scalar(Layers.ATTENTION_SCALE)),
                List.of(GraphNames.scores(i)));
        graph.declareOutput(
                GraphNames.scores(i), ElementType.FLOAT, heads.length, "queries", AUDIO);
    }

    private String heads(String split, String heads, long... order) {
        String chosen = graph.op("Gather", List.of(split, heads), Attribute.of("axis", 1));
        return graph.op("Transpose", List.of(chosen), Attribute.of("perm", order));
    }

    /** The best of each chunk, with what is needed to normalise over any of them. */
    private void readout(String logits) {
        graph.declareOutput(logits, ElementType.FLOAT, "selected", chunks.width());
        String table =
                graph.input(GraphNames.RULES, ElementType.FLOAT, "rules", VocabularyChunks.SIZE);
        String rows =
                graph.input(GraphNames.RULE_ROWS, ElementType.INT32, "selected", chunks.count());
        String split = graph.longs(-1, chunks.count(), VocabularyChunks.SIZE);
        String z =
                graph.op(
                        "Add",
                        List.of(graph.op("Reshape", List.of(logits, split)), gather(table, rows)));
        graph.input(GraphNames.CANDIDATES, ElementType.INT64, 1);
        String index = graph.fresh("index");
        graph.node(
                "",
                "TopK",
                List.of(z, GraphNames.CANDIDATES),
                List.of(GraphNames.BEST, index),
                Attribute.of("axis", -1));
        graph.declareOutput(GraphNames.BEST, ElementType.FLOAT, "selected", chunks.count(), "k");
        graph.output(
                graph.op("Cast", List.of(index), Attribute.of("to", ElementType.UINT8.id())),
                GraphNames.BEST_INDEX,
                ElementType.UINT8,
                "selected",
                chunks.count(),
                "k");
        // log-sum-exp = z₀ − log softmax(z)₀, because log-softmax is the fast kernel
        String logProbability =
                graph.op(
                        "GatherElements",
                        List.of(graph.op("LogSoftmax", List.of(z)), first(index)),
                        Attribute.of("axis", 2));
        graph.node(
                "",
                "Sub",
                List.of(first(GraphNames.BEST), logProbability),
                List.of(GraphNames.CHUNK_LOG_SUM_EXP));
        graph.declareOutput(
                GraphNames.CHUNK_LOG_SUM_EXP, ElementType.FLOAT, "selected", chunks.count(), 1);
        asked(logits, GraphNames.ASKED);
    }

    /** How likely each token of a text is among the ids of text. */
    private void textProbabilities(String logits) {
        String end = graph.input(GraphNames.TEXT_END, ElementType.INT64, 2);
        String text = graph.op("Slice", List.of(logits, graph.longs(0, 0), end, graph.longs(0, 1)));
        asked(graph.op("LogSoftmax", List.of(text)), GraphNames.LOG_PROBABILITIES);
    }

    private void asked(String values, String name) {
        String ids = graph.input(GraphNames.ASKED_IDS, ElementType.INT32, "selected", "asked");
        graph.node(
                "", "GatherElements", List.of(values, ids), List.of(name), Attribute.of("axis", 1));
        graph.declareOutput(name, ElementType.FLOAT, "selected", "asked");
    }

    /** The best of each chunk alone. */
    private String first(String best) {
        return graph.op("Slice", List.of(best, graph.longs(0), graph.longs(1), graph.longs(2)));
    }

    private String gather(String table, String rows) {
        return graph.op("Gather", List.of(table, rows), Attribute.of("axis", 0));
    }

    private String flat(String x) {
        return graph.op("Reshape", List.of(x, graph.longs(-1, shape.width())));
    }

    private String floats(String x) {
        return weights.type() == ElementType.FLOAT
                ? x
                : graph.op("Cast", List.of(x), Attribute.of("to", ElementType.FLOAT.id()));
    }
}
