package dev.parlo.engine.onnx;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes and stored tensors of an ONNX file, for readers of its weights: nothing of it is
 * computed, and no tensor is copied. The graphs inside an {@code If} are graphs of their own, which
 * see the tensors of the graph around them. Immutable; tensors can be read until the arena closes.
 *
 * <p>Field numbers are those of onnx.proto: ModelProto.graph 7; GraphProto.node 1, initializer 5;
 * NodeProto.input 1, output 2, name 3, op_type 4, attribute 5; AttributeProto.name 1, i 3, t 5, g
 * 6.
 */
public final class OnnxGraph {
    private static final int MAX_DEPTH = 16;

    /** The largest published decoder has two, one of them for the first step. */
    private static final int MAX_GRAPHS = 100;

    private final @Nullable OnnxGraph outer;
    private final List<OnnxGraph> inner = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();

    /**
     * An operation.
     *
     * @param integers its attributes of one whole number
     */
    public record Node(
            String name,
            String operator,
            List<String> inputs,
            List<String> outputs,
            Map<String, Long> integers) {
        /** An input's name, "" for one that is left out. */
        public String input(int index) {
            return index < inputs.size() ? inputs.get(index) : "";
        }
    }

    private OnnxGraph(@Nullable OnnxGraph outer) {
        this.outer = outer;
    }

    /**
     * Reads a file.
     *
     * @param arena how long its tensors can be read
     * @throws EngineException of category BAD_MODEL, naming the file without its folder
     */
    public static OnnxGraph read(Path file, Arena arena) throws IOException {
        String name = String.valueOf(file.getFileName());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw bad(name, "is longer than the 2 GiB that an ONNX file can have");
            }
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)
                            .asByteBuffer();
            OnnxGraph graph = new OnnxGraph(null);
            Reader reader = new Reader(new TensorReader(file, arena));
            new ProtobufMessage(bytes)
                    .forEach((field, value, number) -> {
                        if (field == 7 && value != null) {
                            reader.graph(graph, value, 0);
                        }
                    });
            if (graph.nodes.isEmpty()) {
                throw bad(name, "holds no ONNX graph");
            }
            return graph;
        } catch (UncheckedIOException broken) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    words(name, "is not a whole ONNX model"),
                    broken);
        } catch (IllegalArgumentException refused) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    words(name, "is damaged: " + refused.getMessage()),
                    refused);
        }
    }

    private static EngineException bad(String file, String problem) {
        return new EngineException(EngineException.Category.BAD_MODEL, words(file, problem));
    }

    private static String words(String file, String problem) {
        return String.format(Locale.ROOT, "%s %s. Download the model again.", file, problem);
    }

    /** In the file's order, which is the one they are computed in. */
    public List<Node> nodes() {
        return nodes;
    }

    /** Its own tensors, without those of the graphs around and inside it. */
    public List<StoredTensor> tensors() {
        return List.copyOf(tensors.values());
    }

    /** The tensor of that name that a node of this graph sees. */
    public Optional<StoredTensor> tensor(String name) {
        StoredTensor own = tensors.get(name);
        if (own != null) {
            return Optional.of(own);
        }
        return outer == null ? Optional.empty() : outer.tensor(name);
    }

    /** The node whose output has that name. */
    public Optional<Node> producer(String value) {
        Node own = producers.get(value);
        if (own != null) {
            return Optional.of(own);
        }
        return outer == null ? Optional.empty() : outer.producer(value);
    }

    /** This graph's nodes that take a value. */
    public List<Node> consumers(String value) {
        return consumers.getOrDefault(value, List.of());
    }

    /** This graph and all graphs inside it. */
    public Stream<OnnxGraph> all() {
        return Stream.concat(Stream.of(this), inner.stream().flatMap(OnnxGraph::all));
    }

    private void add(Node node) {
        nodes.add(node);
        node.outputs().forEach(output -> producers.put(output, node));
        node.inputs().stream()
                .distinct()
                .forEach(input ->
                        consumers.computeIfAbsent(input, unused -> new ArrayList<>()).add(node));
    }

    /** One file, as it is read. */
    private static final class Reader {
        private final OnnxNames names = new OnnxNames();
        private final TensorReader tensors;
        private int graphs;

        Reader(TensorReader tensors) {
            this.tensors = tensors;
        }

        void graph(OnnxGraph into, ByteBuffer bytes, int depth) {
            if (depth > MAX_DEPTH || ++graphs > MAX_GRAPHS) {
                throw new IllegalArgumentException("its graphs are too many or nested too deeply");
            }
            new ProtobufMessage(bytes)
                    .forEach((field, value, number) -> {
                        if (field == 1 && value != null) {
                            node(into, value, depth);
                        } else if (field == 5 && value != null) {
                            add(into, tensors.read(value, names, null));
                        }
                    });
        }

        private void node(OnnxGraph into, ByteBuffer bytes, int depth) {
            List<String> inputs = new ArrayList<>();
            List<String> outputs = new ArrayList<>();
            String[] texts = {"", ""};
            Map<String, Long> integers = new HashMap<>();
            List<ByteBuffer> constants = new ArrayList<>();
            names.add(0); // a node without names is counted, too
            new ProtobufMessage(bytes)
                    .forEach((field, value, number) -> {
                        if (value == null) {
                            return;
                        }
                        switch (field) {
                            case 1 -> inputs.add(names.read(value));
                            case 2 -> outputs.add(names.read(value));
                            case 3 -> texts[0] = names.read(value);
                            case 4 -> texts[1] = names.read(value);
                            case 5 -> attribute(into, value, depth, integers, constants);
                            default -> {}
                        }
                    });
            into.add(new Node(texts[0], texts[1], inputs, outputs, integers));
            if (texts[1].equals("Constant") && !outputs.isEmpty() && constants.size() == 1) {
                add(into, tensors.read(constants.getFirst(), names, outputs.getFirst()));
            }
        }

        private void attribute(
                OnnxGraph around,
                ByteBuffer bytes,
                int depth,
                Map<String, Long> integers,
                List<ByteBuffer> constants) {
            String[] name = {""};
            new ProtobufMessage(bytes)
                    .forEach((field, value, number) -> {
                        if (field == 1 && value != null) {
                            name[0] = names.read(value);
                        } else if (field == 3 && value == null) {
                            integers.put(name[0], number);
                        } else if (field == 5 && value != null) {
                            names.add(0); // three bytes of a file take sixty of the memory
                            constants.add(value);
                        } else if (field == 6 && value != null) {
                            OnnxGraph graph = new OnnxGraph(around);
                            around.inner.add(graph);
                            graph(graph, value, depth + 1);
                        }
                    });
        }

        private static void add(OnnxGraph into, StoredTensor tensor) {
            if (into.tensors.putIfAbsent(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException(
                        "it names the tensor '" + tensor.name() + "' twice");
            }
        }
    }
}
