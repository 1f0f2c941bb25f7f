package dev.parlo.engine.whisper.graph;

/**
 * The names of the graphs' inputs and outputs, on which the builder and whatever runs the graphs
 * agree. {@link DecoderGraph} says what they hold.
 */
public final class GraphNames {
    /** Input of the encoder. */
    public static final String MEL = "mel";

    /** Input of the encoder. */
    public static final String HEARD = "heard";

    public static final String TOKENS = "x";
    public static final String SELF_SHAPE = "self_shape";
    public static final String CROSS_SHAPE = "cross_shape";
    public static final String LENGTHS = "lengths";
    public static final String LONGEST = "longest";
    public static final String SELECT = "select";
    public static final String MASK_TABLE = "mask_table";
    public static final String MASK_ROW = "mask_row";
    public static final String TIMESTAMPS_FROM = "ts_from";
    public static final String TIMESTAMPS_END = "ts_end";
    public static final String CANDIDATES = "candidates";
    public static final String TEXT_SLICE_END = "text_slice_end";
    public static final String TIMESTAMPS_SLICE_END = "ts_slice_end";
    public static final String PROBE_SLICE_START = "probe_slice_start";
    public static final String PROBE_SLICE_END = "probe_slice_end";
    public static final String PROBE_IDS = "probe_ids";

    /** Zones of the vocabulary, of which each has its best candidates and its log-sum-exp. */
    public static final String TEXT = "text";

    public static final String TIMESTAMPS = "ts";
    public static final String LOGITS = "logits";
    public static final String PROBE_LOGITS = "probe_logits";
    public static final String PROBE_LOG_PROBABILITIES = "probe_log_probabilities";

    // Of the graphs that run on a GPU's memory; DeviceDecoderGraph says what they hold.
    public static final String POSITIONS = "positions";
    public static final String FIRST = "first";
    public static final String MASK_SHAPE = "mask_shape";
    public static final String RULES = "rules";
    public static final String RULE_ROWS = "rule_rows";
    public static final String ASKED_IDS = "asked_ids";
    public static final String BEST = "best";
    public static final String BEST_INDEX = "best_index";
    public static final String CHUNK_LOG_SUM_EXP = "chunk_lse";
    public static final String ASKED = "asked";
    public static final String TEXT_END = "text_end";
    public static final String LOG_PROBABILITIES = "log_probabilities";

    private GraphNames() {}

    /** Output of the encoder, input of the decoder. */
    public static String crossKeys(int layer) {
        return "cross_k_" + layer;
    }

    /** Output of the encoder, input of the decoder. */
    public static String crossValues(int layer) {
        return "cross_v_" + layer;
    }

    public static String pastKeys(int layer) {
        return "past_k_" + layer;
    }

    public static String pastValues(int layer) {
        return "past_v_" + layer;
    }

    public static String presentKeys(int layer) {
        return "present_k_" + layer;
    }

    public static String presentValues(int layer) {
        return "present_v_" + layer;
    }

    /** Raw cross-attention of a layer with an alignment head. */
    public static String scores(int layer) {
        return "scores_" + layer;
    }

    public static String zoneLogits(String zone) {
        return zone + "_logits";
    }

    public static String zoneIds(String zone) {
        return zone + "_ids";
    }

    public static String zoneLogSumExp(String zone) {
        return zone + "_lse";
    }
}
