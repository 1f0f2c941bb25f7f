package dev.parlo.engine.onnx;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an ONNX file, without parsing its weights, what a loader needs to know beforehand:
 * which tensors lie in other files, and how the nodes hang together. Immutable.
 *
 * <p>Field numbers are those of onnx.proto: ModelProto.graph 7; GraphProto.node 1, initializer 5,
 * output 12; NodeProto.input 1, output 2, op_type 4, attribute 5; AttributeProto.name 1, t 5, g 6,
 * ints 8; TensorProto.dims 1, data_type 2, int32_data 5, int64_data 7, name 8, raw_data 9,
 * external_data 13.
 */
public final class OnnxScan {
    // TensorProto.DataType
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int FLOAT16 = 10;

    private static final int MAX_DEPTH = 16;
    private static final int MAX_DIMS = 16;

    /** Of TensorProto.DataType. */
    private static final int INT32 = 6;

    private static final int INT64 = 7;

    /** Of a tensor that tells a shape. */
    private static final int MAX_NUMBERS = 16;

    private final List<Node> nodes = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private final List<ExternalTensor> externalTensors = new ArrayList<>();
    private final Set<Integer> matrixTypes = new HashSet<>();

    /**
     * An operation.
     *
     * @param shape its attribute of that name, empty without one
     */
    record Node(String operator, List<String> inputs, List<String> outputs, long[] shape) {}

    /** A tensor whose data lie in another file. */
    public record ExternalTensor(int dataType, long[] dims, ExternalPlace place) {}

    /** Tensors of a few whole numbers, which other nodes may take for a shape. */
    private final Map<String, long[]> constants;

    private final OnnxNames strings;
    private final int depth;

    private OnnxScan(Map<String, long[]> constants, OnnxNames strings, int depth) {
        this.constants = constants;
        this.strings = strings;
        this.depth = depth;
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("its graphs are nested too deeply");
        }
    }

    /**
     * Reads a file's bytes, in memory or mapped.
     *
     * @throws EngineException of category BAD_MODEL when the bytes are not an ONNX model, or one
     *     that asks for tensors far larger than speech has
     */
    public static OnnxScan of(ByteBuffer model) {
        OnnxScan scan = new OnnxScan(new HashMap<>(), new OnnxNames(), 0);
        try {
            new ProtobufMessage(model.duplicate())
                    .forEach((field, value, number) -> {
                        if (field == 7 && value != null) {
                            scan.graph(value);
                        }
                    });
            new OnnxSizes(scan.constants).check(scan.nodes);
        } catch (UncheckedIOException broken) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL, "it is not a whole ONNX model", broken);
        } catch (IllegalArgumentException refused) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.valueOf(refused.getMessage()),
                    refused);
        }
        if (scan.nodes.isEmpty()) {
            throw new EngineException(EngineException.Category.BAD_MODEL, "it holds no ONNX graph");
        }
        return scan;
    }

    /** The names of the graph's declared outputs. */
    public List<String> outputs() {
        return outputs;
    }

    /** Those that the graph uses: ONNX Runtime does not take values for the others. */
    public List<ExternalTensor> externalTensors() {
        return externalTensors.stream()
                .filter(tensor -> used.contains(tensor.place().tensor()))
                .toList();
    }

    /**
     * The number format of the matrices. Integers win over halves and halves over floats: a
     * quantised file keeps some of its tensors wider.
     */
    public ComputeType computeType() {
        if (matrixTypes.contains(INT8) || matrixTypes.contains(UINT8)) {
            return ComputeType.INT8;
        }
        return matrixTypes.contains(FLOAT16) ? ComputeType.FLOAT16 : ComputeType.FLOAT32;
    }

    /** The output of the only node of a kind, if there is exactly one. */
    public Optional<String> onlyOutput(String operator) {
        List<String> found =
                nodes.stream()
                        .filter(node -> node.operator.equals(operator) && !node.outputs.isEmpty())
                        .map(node -> node.outputs.getFirst())
                        .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The output of the only node of a kind that is fed by a node of another kind. */
    public Optional<String> onlyOutputFedBy(String operator, String feeder) {
        Set<String> feeds = new HashSet<>();
        for (Node node : nodes) {
            if (node.operator.equals(feeder)) {
                feeds.addAll(node.outputs);
            }
        }
        List<String> found =
                nodes.stream()
                        .filter(node -> node.operator.equals(operator) && !node.outputs.isEmpty())
                        .filter(node ->
                                !node.inputs.isEmpty() && feeds.contains(node.inputs.getFirst()))
                        .map(node -> node.outputs.getFirst())
                        .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private void graph(ByteBuffer bytes) {
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (field == 1 && value != null) {
                        node(value);
                    } else if (field == 5 && value != null) {
                        initializer(value, null);
                    } else if (field == 12 && value != null) {
                        output(value);
                    }
                });
    }

    private void node(ByteBuffer bytes) {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String[] operator = {""};
        List<Long> shape = new ArrayList<>();
        List<ByteBuffer> tensors = new ArrayList<>();
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (value == null) {
                        return;
                    }
                    if (field == 1) {
                        inputs.add(string(value));
                    } else if (field == 2) {
                        outputs.add(string(value));
                    } else if (field == 4) {
                        operator[0] = string(value);
                    } else if (field == 5) {
                        attribute(value, shape, tensors);
                    }
                });
        used.addAll(inputs);
        strings.add(0);
        nodes.add(
                new Node(
                        operator[0],
                        inputs,
                        outputs,
                        shape.stream().mapToLong(Long::longValue).toArray()));
        if (operator[0].equals("Constant") && !outputs.isEmpty() && tensors.size() == 1) {
            initializer(tensors.getFirst(), outputs.getFirst());
        }
    }

    /** The graph inside an {@code If} or {@code Loop} uses the outer one's tensors too. */
    private void attribute(ByteBuffer bytes, List<Long> shape, List<ByteBuffer> tensors) {
        String[] name = {""};
        List<Long> numbers = new ArrayList<>();
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (field == 1 && value != null) {
                        name[0] = string(value);
                    } else if (field == 5 && value != null) {
                        tensors.add(value);
                    } else if (field == 6 && value != null) {
                        OnnxScan inner = new OnnxScan(constants, strings, depth + 1);
                        inner.graph(value);
                        used.addAll(inner.used);
                        new OnnxSizes(constants).check(inner.nodes);
                    } else if (field == 8) {
                        numbers(value, number, numbers);
                    }
                });
        if (name[0].equals("shape")) {
            shape.addAll(numbers);
        }
    }

    /** Whole numbers, packed or one by one; more than a shape has are not kept. */
    private static void numbers(@Nullable ByteBuffer packed, long number, List<Long> into) {
        if (packed == null) {
            if (into.size() < MAX_NUMBERS) {
                into.add(number);
            }
            return;
        }
        into.addAll(ProtobufMessage.numbers(packed, MAX_NUMBERS - into.size()));
    }

    private void output(ByteBuffer bytes) {
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (field == 1 && value != null) {
                        outputs.add(string(value));
                        used.add(string(value));
                    }
                });
    }

    /**
     * A tensor of the file.
     *
     * @param constant its name where it is the value of a node, which has none itself
     */
    private void initializer(ByteBuffer bytes, @Nullable String constant) {
        Map<String, String> external = new HashMap<>();
        List<Long> dims = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        ByteBuffer[] raw = {ByteBuffer.allocate(0)};
        String[] name = {constant == null ? "" : constant};
        int[] type = {0};
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (dims.size() > MAX_DIMS) {
                        throw new IllegalArgumentException("too many dimensions");
                    }
                    if (field == 1 && value == null) {
                        dims.add(number);
                    } else if (field == 1 && value != null) {
                        dims.addAll(ProtobufMessage.numbers(value, MAX_DIMS + 1 - dims.size()));
                    } else if (field == 2) {
                        type[0] = (int) number;
                    } else if (field == 5 || field == 7) {
                        numbers(value, number, numbers);
                    } else if (field == 9 && value != null) {
                        raw[0] = value;
                    } else if (field == 8 && value != null && constant == null) {
                        name[0] = string(value);
                    } else if (field == 13 && value != null) {
                        entry(value, external);
                    }
                });
        if (dims.size() > 1) {
            matrixTypes.add(type[0]);
        }
        constant(name[0], type[0], numbers, raw[0]);
        ExternalPlace place = ExternalPlace.of(name[0], external);
        if (place != null) {
            externalTensors.add(
                    new ExternalTensor(
                            type[0], dims.stream().mapToLong(Long::longValue).toArray(), place));
        }
    }

    /** Keeps what may tell a shape: a few whole numbers. */
    private void constant(String name, int type, List<Long> numbers, ByteBuffer raw) {
        int size = type == INT64 ? Long.BYTES : type == INT32 ? Integer.BYTES : 0;
        if (size == 0 || raw.remaining() > MAX_NUMBERS * size) {
            return;
        }
        ByteBuffer values = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<Long> all = new ArrayList<>(numbers);
        while (values.remaining() >= size) {
            all.add(size == Long.BYTES ? values.getLong() : values.getInt());
        }
        if (!all.isEmpty()) {
            constants.put(name, all.stream().mapToLong(Long::longValue).toArray());
        }
    }

    private void entry(ByteBuffer bytes, Map<String, String> into) {
        String[] pair = {"", ""};
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (value != null && (field == 1 || field == 2)) {
                        pair[field - 1] = string(value);
                    }
                });
        into.put(pair[0], pair[1]);
    }

    private String string(ByteBuffer bytes) {
        return strings.read(bytes);
    }

    /**
     * The bytes that, put behind a model, make one of its inner tensors an output: messages that
     * follow each other are merged, so the graph gains {@code output { name }}.
     */
    public static byte[] outputTail(String tensor) {
        byte[] name = tensor.getBytes(StandardCharsets.UTF_8);
        byte[] value = ProtobufMessage.field(1, name);
        return ProtobufMessage.field(7, ProtobufMessage.field(12, value));
    }
}
