package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.WeightFile;
import java.util.ArrayList;
import java.util.List;

/**
 * CTranslate2's int8 scheme: weights symmetric per output, activations symmetric per row and
 * quantised as they come, products summed as integers. For many rows at once (the encoder), where
 * integer kernels pay; they must not saturate, see {@link ComputePlan}.
 */
final class RowQuantizedLinear implements Linear {
    private static final float LEVELS = 127f;

    /** Where zero lies in quantised activations: the fast x86 kernels take them unsigned. */
    private static final int ZERO = 128;

    /** Keeps the scale of an all-zero row above zero. */
    private static final float SMALLEST = 1e-30f;

    @Override
    public List<String> multiply(GraphBuilder graph, String x, List<Matrix> matrices) {
        // The greatest magnitude, without a copy of x that has no signs.
        String amax =
                graph.op(
                        "Max",
                        List.of(
                                reduced(graph, "ReduceMax", x),
                                graph.op("Neg", List.of(reduced(graph, "ReduceMin", x)))));
        String scale =
                graph.op(
                        "Mul",
                        List.of(
                                graph.op("Max", List.of(amax, graph.scalar(SMALLEST))),
                                graph.scalar(1f / LEVELS)));
        String zeros =
                graph.op(
                        "Expand",
                        List.of(graph.byteScalar(ZERO), graph.op("Shape", List.of(scale))));
        String quantised =
                graph.op("QuantizeLinear", List.of(x, scale, zeros), Attribute.of("axis", 0));
        String zero = graph.byteScalar(ZERO);
        String column = graph.op("Unsqueeze", List.of(scale, graph.longs(1)));
        String one = graph.scalar(1f);
        List<String> products = new ArrayList<>();
        for (Matrix matrix : matrices) {
            Quantised w = write(graph, matrix);
            String sums =
                    graph.msOp(
                            "MatMulIntegerToFloat",
                            List.of(quantised, w.values(), one, w.scales(), zero));
            products.add(graph.op("Mul", List.of(sums, column)));
        }
        return products;
    }

    private static String reduced(GraphBuilder graph, String type, String x) {
        return graph.op(type, List.of(x, graph.longs(1)), Attribute.of("keepdims", 0));
    }

    private record Quantised(String values, String scales) {}

    /** Writes W as int8 [in, out] with one scale per output. */
    private static Quantised write(GraphBuilder graph, Matrix matrix) {
        int in = matrix.columns();
        int out = matrix.rows();
        float[] row = new float[in];
        float[] scales = new float[out];
        byte[] transposed = new byte[Math.multiplyExact(in, out)];
        for (int r = 0; r < out; r++) {
            matrix.readRow(r, row);
            float amax = 0;
            for (float v : row) {
                amax = Math.max(amax, Math.abs(v));
            }
            float step = amax == 0 ? 1f : LEVELS / amax;
            scales[r] = 1f / step;
            for (int c = 0; c < in; c++) {
                transposed[c * out + r] = (byte) Math.rint(row[c] * step);
            }
        }
        WeightFile weights = graph.weights();
        long start = weights.begin();
        weights.append(transposed, transposed.length);
        String values = graph.external(ElementType.INT8, weights.end(start), in, out);
        return new Quantised(values, graph.floats(scales, out));
    }
}
