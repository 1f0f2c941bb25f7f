package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.onnx.OnnxGraph;
import dev.parlo.engine.onnx.OnnxGraph.Node;
import dev.parlo.engine.onnx.StoredTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the weights of one exported graph. PyTorch's exporter keeps the names of parameters that a
 * node takes as they are (embeddings, biases, norms, convolutions); the weights of linear layers
 * are exchanged and get names without meaning ({@code onnx::MatMul_1234}), but their nodes are
 * called after the module ({@code /model/decoder/layers.0/fc1/MatMul}). Optimum, where it merges
 * two decoders, puts {@code _merged_0} behind the names, and of equal tensors keeps one name, which
 * may be another layer's. So a weight is looked for by its name, then by its node's name, then by
 * the named bias that is added to its product.
 */
final class ExportedPart {
    /** What merging and quantising put behind a name. */
    private static final Pattern PLAIN =
            Pattern.compile("(.+?)(?:_merged(?:_\\d+)?)?(_quantized)?");

    private static final String QUANTIZED = "_quantized";
    private static final String SCALE = "_scale";
    private static final String ZERO_POINT = "_zero_point";

    /** Operators that take a weight, and at which input. */
    private static final Map<String, Integer> WEIGHT_INPUT =
            Map.of(
                    "MatMul", 1,
                    "Gemm", 1,
                    "MatMulInteger", 1,
                    "Conv", 1,
                    "ConvInteger", 1,
                    "Gather", 0);

    private static final int MAX_STEPS = 8;

    /** Between a product and its bias, where each step may lead two ways: a cast and a scale. */
    private static final int MAX_SCALINGS = 3;

    /** Of one bias, in each of a file's graphs: two merged decoders have one each. */
    private static final int MAX_ADDITIONS = 16;

    private final String file;
    private final List<String> prefixes;
    private final List<OnnxGraph> graphs;
    private final Map<String, Place> named = new HashMap<>();
    private final Map<String, List<Step>> modules = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();

    /** A tensor and the graph that holds it. */
    private record Place(OnnxGraph graph, StoredTensor tensor) {}

    /** A node and the graph that it is of. */
    private record Step(OnnxGraph graph, Node node) {}

    /**
     * @param file its name, for messages
     * @param side encoder or decoder: the encoder is exported without the model around it
     */
    ExportedPart(String file, OnnxGraph graph, String side) {
        this.file = file;
        this.prefixes = List.of("", side + ".", "model." + side + ".");
        this.graphs = graph.all().toList();
        for (OnnxGraph each : graphs) {
            for (StoredTensor tensor : each.tensors()) {
                name(each, tensor);
            }
            for (Node node : each.nodes()) {
                int end = node.name().lastIndexOf('/');
                if (end > 0) {
                    modules.computeIfAbsent(
                                    node.name().substring(1, end), unused -> new ArrayList<>())
                            .add(new Step(each, node));
                }
            }
        }
    }

    private void name(OnnxGraph graph, StoredTensor tensor) {
        Matcher plain = PLAIN.matcher(tensor.name());
        if (!plain.matches()) {
            return;
        }
        String name = plain.group(1) + (plain.group(2) == null ? "" : QUANTIZED);
        Place other = named.putIfAbsent(name, new Place(graph, tensor));
        if (other != null && !other.tensor.name().equals(tensor.name())) {
            ambiguous.add(name); // two layers' tensors: their nodes tell which is whose
        }
    }

    /** A weight by the Transformers library's name, such as {@code decoder.layers.0.fc1.weight}. */
    Optional<ExportedTensor> find(String name) {
        int end = name.lastIndexOf('.');
        String module = name.substring(0, end);
        boolean bias = name.endsWith(".bias");
        return byName(name)
                .or(() -> bias ? biasOfNode(name, module) : weightOfNode(name, module))
                .or(() -> bias ? Optional.empty() : weightByBias(name, module));
    }

    EngineException missing(String name) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                String.format(
                        Locale.ROOT,
                        "%s: no tensor was found that is '%s', by its name, its node's or its"
                                + " bias's; graphs as Optimum exports them for Transformers.js are"
                                + " read, and none that were fused, or quantised to 4 bits.%s",
                        file,
                        name,
                        ExportedTensor.WAY_ON));
    }

    /** The names that the weight may have here: with and without what is around the module. */
    private List<String> candidates(String name) {
        int side = name.indexOf('.') + 1;
        String inner = name.startsWith("proj_out.") ? name : name.substring(side);
        List<String> candidates = new ArrayList<>();
        prefixes.forEach(prefix -> candidates.add(prefix + inner));
        return candidates;
    }

    private Optional<ExportedTensor> byName(String name) {
        for (String candidate : candidates(name)) {
            for (String suffix : List.of("", QUANTIZED)) {
                Place place = named.get(candidate + suffix);
                if (place != null && !ambiguous.contains(candidate + suffix)) {
                    return Optional.of(tensor(name, place.graph, place.tensor, false))
                            .map(tensor -> isTaken(place) ? tensor.flipped() : tensor);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a product takes the tensor as it lies, so that its columns are the outputs. */
    private boolean isTaken(Place place) {
        String name = place.tensor.name();
        return place.tensor.dims().length == 2
                && graphs.stream()
                        .flatMap(graph -> graph.consumers(name).stream())
                        .anyMatch(node -> isProduct(node) && node.input(1).equals(name));
    }

    private static boolean isProduct(Node node) {
        return node.operator().equals("MatMul")
                || node.operator().equals("MatMulInteger")
                || node.operator().equals("Gemm")
                        && node.integers().getOrDefault("transB", 0L) == 0;
    }

    /** The nodes of a module, called {@code /model/decoder/layers.0/fc1/…}. */
    private List<Step> nodes(String module) {
        return candidates(module + ".").stream()
                .map(name -> name.substring(0, name.length() - 1))
                // a number stays with the list that it counts: layers.0
                .map(name -> name.replaceAll("\\.(?!\\d)", "/"))
                .map(path -> modules.getOrDefault(path, List.of()))
                .filter(steps -> !steps.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private Optional<ExportedTensor> weightOfNode(String name, String module) {
        List<Step> steps = nodes(module);
        return steps.stream()
                .map(step -> weightOf(name, step))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> normOf(name, steps, "Mul", 1));
    }

    private Optional<ExportedTensor> weightOf(String name, Step step) {
        Integer input = WEIGHT_INPUT.get(step.node.operator());
        if (input == null) {
            return Optional.empty();
        }
        return stored(name, step.graph, step.node.input(input))
                .map(tensor -> isProduct(step.node) ? tensor.flipped() : tensor);
    }

    private Optional<ExportedTensor> biasOfNode(String name, String module) {
        List<Step> steps = nodes(module);
        for (Step step : steps) {
            String operator = step.node.operator();
            if (operator.equals("Conv") || operator.equals("Gemm")) {
                Optional<ExportedTensor> bias = stored(name, step.graph, step.node.input(2));
                if (bias.isPresent()) {
                    return bias;
                }
            }
        }
        return normOf(name, steps, "Add", 2);
    }

    /** Of a norm as one node, or as those that older versions wrote; "Add" is a linear layer's. */
    private Optional<ExportedTensor> normOf(
            String name, List<Step> steps, String operator, int input) {
        for (Step step : steps) {
            List<String> inputs =
                    step.node.operator().equals("LayerNormalization")
                            ? List.of(step.node.input(input))
                            : step.node.operator().equals(operator)
                                    ? step.node.inputs()
                                    : List.of();
            for (String value : inputs) {
                Optional<ExportedTensor> found =
                        stored(name, step.graph, value)
                                .filter(tensor -> tensor.stored().dims().length == 1);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** Of a linear layer whose nodes have no names: the product that its named bias is added to. */
    private Optional<ExportedTensor> weightByBias(String name, String module) {
        Optional<ExportedTensor> bias = byName(module + ".bias");
        if (bias.isEmpty()) {
            return Optional.empty();
        }
        String added = bias.get().stored().name();
        for (OnnxGraph graph : graphs) {
            for (Node node : graph.consumers(added).stream().limit(MAX_ADDITIONS).toList()) {
                Optional<ExportedTensor> weight =
                        node.operator().equals("Add")
                                ? node.inputs().stream()
                                        .filter(value -> !value.equals(added))
                                        .findFirst()
                                        .flatMap(value -> product(name, graph, value, 0))
                                : weightOf(name, new Step(graph, node));
                if (weight.isPresent()) {
                    return weight;
                }
            }
        }
        return Optional.empty();
    }

    /** The weight of the product that a value is, perhaps scaled and cast. */
    private Optional<ExportedTensor> product(
            String name, OnnxGraph graph, String value, int steps) {
        Optional<Node> node = graph.producer(value);
        if (node.isEmpty() || steps > MAX_SCALINGS) {
            return Optional.empty();
        }
        return switch (node.get().operator()) {
            case "Cast", "Mul", "Identity" ->
                    node.get().inputs().stream()
                            .limit(2)
                            .map(input -> product(name, graph, input, steps + 1))
                            .flatMap(Optional::stream)
                            .findFirst();
            case "MatMul", "MatMulInteger" -> weightOf(name, new Step(graph, node.get()));
            default -> Optional.empty();
        };
    }

    /** The tensor that a value is, or is made of by what only changes how it is written. */
    private Optional<ExportedTensor> stored(String name, OnnxGraph graph, String value) {
        return stored(name, graph, value, 0);
    }

    private Optional<ExportedTensor> stored(String name, OnnxGraph graph, String value, int steps) {
        Optional<StoredTensor> tensor = graph.tensor(value);
        if (tensor.isPresent()) {
            return Optional.of(tensor(name, graph, tensor.get(), false));
        }
        Optional<Node> producer = graph.producer(value);
        if (producer.isEmpty() || steps > MAX_STEPS) {
            return Optional.empty();
        }
        Node node = producer.get();
        return switch (node.operator()) {
            case "Identity", "Cast" -> stored(name, graph, node.input(0), steps + 1);
            case "Transpose" ->
                    stored(name, graph, node.input(0), steps + 1)
                            .filter(found -> found.stored().dims().length == 2)
                            .map(ExportedTensor::flipped);
            case "DequantizeLinear" ->
                    graph.tensor(node.input(0))
                            .map(quantized ->
                                    new ExportedTensor(
                                            file,
                                            name,
                                            quantized,
                                            false,
                                            graph.tensor(node.input(1)).orElse(null),
                                            graph.tensor(node.input(2)).orElse(null)));
            default -> Optional.empty();
        };
    }

    /** With the scale and the zero point that ONNX Runtime's quantiser puts beside it. */
    private ExportedTensor tensor(
            String name, OnnxGraph graph, StoredTensor stored, boolean transposed) {
        @Nullable StoredTensor scale = null;
        @Nullable StoredTensor zeroPoint = null;
        if (stored.name().endsWith(QUANTIZED)) {
            String stem = stored.name().substring(0, stored.name().length() - QUANTIZED.length());
            scale = graph.tensor(stem + SCALE).orElse(null);
            zeroPoint = graph.tensor(stem + ZERO_POINT).orElse(null);
        }
        return new ExportedTensor(file, name, stored, transposed, scale, zeroPoint);
    }
}
