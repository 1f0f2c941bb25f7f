package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.WhisperShape;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What of the logits leaves the decoder. They are [K + P, vocabulary]: K rows to choose the next
 * token in, then P rows to probe. A search needs a few candidates and sums of each row, and a probe
 * the values of a few ids; that is what is handed out, so that a step copies bytes and not
 * vocabularies.
 */
final class ReadoutGraph {
    /** What a banned token's logit becomes: far below any real one, and still finite in sums. */
    private static final float BANNED = -1e30f;

    private final GraphBuilder graph;
    private final WhisperShape shape;

    ReadoutGraph(GraphBuilder graph, WhisperShape shape) {
        this.graph = graph;
        this.shape = shape;
    }

    void build() {
        candidates();
        probes();
    }

    /**
     * The best of the text zone and of the timestamp zone, with what is needed to normalise over
     * either or both.
     */
    private void candidates() {
        int text = shape.firstTimestamp();
        String table = graph.input(GraphNames.MASK_TABLE, ElementType.BOOL, "masks", text);
        String maskRow = graph.input(GraphNames.MASK_ROW, ElementType.INT64, "chosen");
        String from = graph.input(GraphNames.TIMESTAMPS_FROM, ElementType.INT64, "chosen", 1);
        String end = graph.input(GraphNames.TIMESTAMPS_END, ElementType.INT64, "chosen", 1);
        graph.input(GraphNames.CANDIDATES, ElementType.INT64, 1);
        String banned = graph.scalar(BANNED);
        String mask = graph.op("Gather", List.of(table, maskRow), Attribute.of("axis", 0));
        String textEnd = graph.input(GraphNames.TEXT_SLICE_END, ElementType.INT64, 2);
        String textLogits = slice(graph.longs(0, 0), textEnd);
        zone(GraphNames.TEXT, graph.op("Where", List.of(mask, banned, textLogits)), 0);

        String iota = graph.longs(LongStream.range(0, WhisperShape.TIMESTAMPS).toArray());
        String allowed =
                graph.op(
                        "And",
                        List.of(
                                graph.op("GreaterOrEqual", List.of(iota, from)),
                                graph.op("Less", List.of(iota, end))));
        String timestampsEnd = graph.input(GraphNames.TIMESTAMPS_SLICE_END, ElementType.INT64, 2);
        String timestampLogits = slice(graph.longs(0, text), timestampsEnd);
        zone(
                GraphNames.TIMESTAMPS,
                graph.op("Where", List.of(allowed, timestampLogits, banned)),
                text);
    }

    private void zone(String name, String z, int firstId) {
        String best = graph.fresh("best");
        String index = graph.fresh("index");
        graph.node(
                "",
                "TopK",
                List.of(z, GraphNames.CANDIDATES),
                List.of(best, index),
                Attribute.of("axis", -1));
        // log-sum-exp = z₀ − log softmax(z)₀, because log-softmax is the vectorised kernel
        String first = firstColumn(index);
        String logProbability = gather(graph.op("LogSoftmax", List.of(z)), first);
        graph.output(
                graph.op("Sub", List.of(firstColumn(best), logProbability)),
                GraphNames.zoneLogSumExp(name),
                ElementType.FLOAT,
                "chosen",
                1);
        graph.output(best, GraphNames.zoneLogits(name), ElementType.FLOAT, "chosen", "k");
        String ids = firstId == 0 ? index : graph.op("Add", List.of(index, graph.longs(firstId)));
        graph.output(ids, GraphNames.zoneIds(name), ElementType.INT64, "chosen", "k");
    }

    /**
     * Logits of given ids and their log-probabilities within the vocabulary's first ids. In most
     * steps P is 0, and all of this runs over nothing: ONNX Runtime computes every node of a graph,
     * whichever outputs are asked for.
     */
    private void probes() {
        String z =
                slice(
                        graph.input(GraphNames.PROBE_SLICE_START, ElementType.INT64, 2),
                        graph.input(GraphNames.PROBE_SLICE_END, ElementType.INT64, 2));
        String ids = graph.input(GraphNames.PROBE_IDS, ElementType.INT64, "probed", "ids");
        graph.output(gather(z, ids), GraphNames.PROBE_LOGITS, ElementType.FLOAT, "probed", "ids");
        graph.output(
                gather(graph.op("LogSoftmax", List.of(z)), ids),
                GraphNames.PROBE_LOG_PROBABILITIES,
                ElementType.FLOAT,
                "probed",
                "ids");
    }

    /** A rectangle of the logits. */
    private String slice(String starts, String ends) {
        return graph.op("Slice", List.of(GraphNames.LOGITS, starts, ends, graph.longs(0, 1)));
    }

    private String firstColumn(String table) {
        return graph.op("Slice", List.of(table, graph.longs(0), graph.longs(1), graph.longs(1)));
    }

    private String gather(String rows, String columns) {
        return graph.op("GatherElements", List.of(rows, columns), Attribute.of("axis", 1));
    }
}
