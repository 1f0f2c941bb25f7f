package dev.parlo.engine.onnx;

import java.util.List;
import java.util.Map;

/**
 * Refuses a graph whose own constants ask for tensors far larger than speech has: ONNX Runtime
 * would allocate them, some of them while it loads the model. Sizes that only come about while a
 * graph runs are not known here.
 */
final class OnnxSizes {
    /** Numbers of one tensor; half a minute of speech has some million samples. */
    static final long MAX_TENSOR = 1L << 26;

    /** Numbers of all tensors that constants make. */
    private static final long MAX_TOGETHER = 1L << 28;

    private final Map<String, long[]> constants;
    private long together;

    /**
     * @param constants whole numbers by the name of their tensor
     */
    OnnxSizes(Map<String, long[]> constants) {
        this.constants = constants;
    }

    /**
     * @throws IllegalArgumentException naming the operator and what it asks for
     */
    void check(List<OnnxScan.Node> nodes) {
        for (OnnxScan.Node node : nodes) {
            switch (node.operator()) {
                case "ConstantOfShape" -> add(node, product(node, 0));
                case "Expand", "Tile" -> add(node, product(node, 1));
                case "Range" -> add(node, range(node));
                case "OneHot" -> add(node, largest(node, 1));
                case "Pad" -> add(node, largest(node, 1));
                case "Resize" -> add(node, product(node, 3));
                case "Upsample" -> add(node, product(node, 1));
                case "RandomNormal", "RandomUniform", "BlackmanWindow", "HannWindow" ->
                        add(node, Math.max(product(node.shape()), product(node, 0)));
                default -> {
                    // what an operator makes of its inputs is no larger than they allow
                }
            }
        }
    }

    private void add(OnnxScan.Node node, long count) {
        together += count;
        if (count > MAX_TENSOR || together > MAX_TOGETHER) {
            throw new IllegalArgumentException(
                    "its operator "
                            + node.operator()
                            + " asks for "
                            + count
                            + " numbers; at most "
                            + MAX_TENSOR
                            + " are accepted in one tensor and "
                            + MAX_TOGETHER
                            + " together");
        }
    }

    private long product(OnnxScan.Node node, int input) {
        return product(constant(node, input));
    }

    private static long product(long[] dims) {
        long product = dims.length == 0 ? 0 : 1;
        for (long dim : dims) {
            // -1 stands for what the input has
            long size = Math.max(1, dim);
            product = size > Long.MAX_VALUE / 4 / product ? Long.MAX_VALUE / 4 : product * size;
        }
        return product;
    }

    private long largest(OnnxScan.Node node, int input) {
        long largest = 0;
        for (long value : constant(node, input)) {
            largest = Math.max(largest, Math.min(value, Long.MAX_VALUE / 4));
        }
        return largest;
    }

    private long range(OnnxScan.Node node) {
        long[] start = constant(node, 0);
        long[] limit = constant(node, 1);
        long[] step = constant(node, 2);
        if (limit.length != 1) {
            return 0;
        }
        double from = start.length == 1 ? start[0] : 0;
        double by = step.length == 1 && step[0] != 0 ? step[0] : 1;
        return (long) Math.clamp((limit[0] - from) / by, 0, Long.MAX_VALUE / 4.0);
    }

    private long[] constant(OnnxScan.Node node, int input) {
        if (input >= node.inputs().size()) {
            return new long[0];
        }
        return constants.getOrDefault(node.inputs().get(input), new long[0]);
    }
}
