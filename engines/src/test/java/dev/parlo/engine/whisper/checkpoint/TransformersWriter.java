package dev.parlo.engine.whisper.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a checkpoint as the Transformers library keeps it, for tests: safetensors under its own
 * names, queries, keys and values apart, with the JSON files beside them. Reference of names and
 * shapes: huggingface/transformers, WhisperForConditionalGeneration.
 */
public final class TransformersWriter {
    private final Map<String, float[]> values = new TreeMap<>();
    private final Map<String, long[]> shapes = new HashMap<>();
    private final WhisperShape shape;
    private final WhisperConfig config;

    private TransformersWriter(WhisperShape shape, WhisperConfig config) {
        this.shape = shape;
        this.config = config;
    }

    /** The weights of a checkpoint in another format. */
    public static TransformersWriter of(Checkpoint c) {
        WhisperShape s = c.shape();
        TransformersWriter writer = new TransformersWriter(s, c.config());
        int d = s.width();
        writer.put("encoder.conv1.weight", c, "encoder/conv1/weight");
        writer.put("encoder.conv1.bias", c, "encoder/conv1/bias");
        writer.put("encoder.conv2.weight", c, "encoder/conv2/weight");
        writer.put("encoder.conv2.bias", c, "encoder/conv2/bias");
        writer.put("decoder.embed_tokens.weight", c, "decoder/embeddings/weight");
        for (String side : List.of("encoder", "decoder")) {
            writer.put(side + ".embed_positions.weight", c, side + "/position_encodings/encodings");
            writer.norm(side + ".layer_norm", c, side + "/layer_norm");
            boolean decoder = side.equals("decoder");
            for (int i = 0; i < (decoder ? s.decoderLayers() : s.encoderLayers()); i++) {
                String to = side + ".layers." + i;
                String from = side + "/layer_" + i;
                writer.norm(to + ".self_attn_layer_norm", c, from + "/self_attention/layer_norm");
                writer.split(to + ".self_attn", c, from + "/self_attention/linear_0", "qkv", d);
                writer.linear(to + ".self_attn.out_proj", c, from + "/self_attention/linear_1");
                if (decoder) {
                    writer.norm(to + ".encoder_attn_layer_norm", c, from + "/attention/layer_norm");
                    writer.linear(to + ".encoder_attn.q_proj", c, from + "/attention/linear_0");
                    writer.split(to + ".encoder_attn", c, from + "/attention/linear_1", "kv", d);
                    writer.linear(to + ".encoder_attn.out_proj", c, from + "/attention/linear_2");
                }
                writer.norm(to + ".final_layer_norm", c, from + "/ffn/layer_norm");
                writer.linear(to + ".fc1", c, from + "/ffn/linear_0");
                writer.linear(to + ".fc2", c, from + "/ffn/linear_1");
            }
        }
        return writer;
    }

    private void put(String to, Checkpoint c, String from) {
        Variable variable = c.variable(from);
        long[] dims = new long[variable.rank()];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = variable.shape()[i];
        }
        put("model." + to, variable.toFloats(), dims);
    }

    /** Adds a tensor, or replaces it. */
    public TransformersWriter put(String name, float[] content, long... dims) {
        values.put(name, content);
        shapes.put(name, dims);
        return this;
    }

    public float[] values(String name) {
        return java.util.Objects.requireNonNull(values.get(name), name).clone();
    }

    List<String> names() {
        return List.copyOf(values.keySet());
    }

    long[] shape(String name) {
        return java.util.Objects.requireNonNull(shapes.get(name), name);
    }

    public TransformersWriter without(String name) {
        values.remove(name);
        return this;
    }

    /** Puts a wrapper's prefix before every name, or takes {@code model.} away. */
    public TransformersWriter renamed(java.util.function.UnaryOperator<String> rule) {
        for (String name : List.copyOf(values.keySet())) {
            float[] content = values(name);
            values.remove(name);
            put(rule.apply(name), content, shape(name));
        }
        return this;
    }

    private void norm(String to, Checkpoint c, String from) {
        put(to + ".weight", c, from + "/gamma");
        put(to + ".bias", c, from + "/beta");
    }

    private void linear(String to, Checkpoint c, String from) {
        put(to + ".weight", c, from + "/weight");
        put(to + ".bias", c, from + "/bias");
    }

    private void split(String to, Checkpoint c, String from, String parts, int d) {
        float[] weights = c.variable(from + "/weight").toFloats();
        float[] bias = c.variable(from + "/bias").toFloats();
        for (int i = 0; i < parts.length(); i++) {
            String name = "model." + to + "." + parts.charAt(i) + "_proj";
            float[] part = java.util.Arrays.copyOfRange(weights, i * d * d, (i + 1) * d * d);
            put(name + ".weight", part, d, d);
            if (parts.charAt(i) != 'k') {
                put(name + ".bias", java.util.Arrays.copyOfRange(bias, i * d, (i + 1) * d), d);
            }
        }
    }

    /**
     * Writes {@code model.safetensors} and the configuration.
     *
     * @param type F32, F16 or BF16
     * @param tokenizer tokenizer.json, which is copied
     */
    public void write(Path directory, String type, Path tokenizer) throws IOException {
        writeConfig(directory);
        Files.copy(tokenizer, directory.resolve("tokenizer.json"));
        writeWeights(directory.resolve("model.safetensors"), type, List.copyOf(values.keySet()));
    }

    /** Writes the weights in several files, with their index. */
    public void writeShards(Path directory, String type, int shards) throws IOException {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode map = index.putObject("weight_map");
        List<String> names = List.copyOf(values.keySet());
        for (int i = 0; i < shards; i++) {
            String file =
                    String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards);
            List<String> part = new ArrayList<>();
            for (int j = i; j < names.size(); j += shards) {
                part.add(names.get(j));
                map.put(names.get(j), file);
            }
            writeWeights(directory.resolve(file), type, part);
        }
        json(directory.resolve("model.safetensors.index.json"), index);
    }

    /** Writes the weights as PyTorch does: a pickle of the table, and each tensor's bytes. */
    public void writePytorch(Path directory, String type) throws IOException {
        PytorchWriter out = new PytorchWriter(type);
        for (Map.Entry<String, float[]> tensor : values.entrySet()) {
            out.add(tensor.getKey(), shape(tensor.getKey()), bytes(tensor.getValue(), type));
        }
        Files.write(directory.resolve("pytorch_model.bin"), out.toBytes());
    }

    /** {@code config.json} and {@code generation_config.json}. */
    public void writeConfig(Path directory) throws IOException {
        Files.createDirectories(directory);
        json(directory.resolve("config.json"), config());
        ObjectNode generation = JsonNodeFactory.instance.objectNode();
        ArrayNode heads = generation.putArray("alignment_heads");
        config.alignmentHeads()
                .forEach(head -> heads.addArray().add(head.layer()).add(head.head()));
        config.suppressIdsBegin().forEach(generation.putArray("begin_suppress_tokens")::add);
        json(directory.resolve("generation_config.json"), generation);
    }

    private ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model_type", "whisper")
                .put("activation_function", "gelu")
                .put("d_model", shape.width())
                .put("encoder_attention_heads", shape.heads())
                .put("decoder_attention_heads", shape.heads())
                .put("encoder_layers", shape.encoderLayers())
                .put("decoder_layers", shape.decoderLayers())
                .put("encoder_ffn_dim", shape.feedForwardWidth())
                .put("decoder_ffn_dim", shape.feedForwardWidth())
                .put("num_mel_bins", shape.melBands())
                .put("vocab_size", vocabularySize());
    }

    private long vocabularySize() {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("decoder.embed_tokens.weight"))
                .mapToInt(entry -> entry.getValue().length / shape.width())
                .findFirst()
                .orElseThrow();
    }

    private static void json(Path file, JsonNode content) throws IOException {
        Files.write(file, JsonMapper.shared().writeValueAsBytes(content));
    }

    private void writeWeights(Path file, String type, List<String> names) throws IOException {
        int width = type.equals("F32") ? 4 : 2;
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        header.putObject("__metadata__").put("format", "pt");
        long position = 0;
        for (String name : names) {
            ObjectNode entry = header.putObject(name).put("dtype", type);
            ArrayNode dims = entry.putArray("shape");
            for (long dim : shape(name)) {
                dims.add(dim);
            }
            long end = position + (long) values(name).length * width;
            entry.putArray("data_offsets").add(position).add(end);
            position = end;
        }
        byte[] json = JsonMapper.shared().writeValueAsBytes(header);
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(json.length)
                            .array());
            out.write(json);
            for (String name : names) {
                out.write(bytes(values(name), type));
            }
        }
    }

    static byte[] bytes(float[] content, String type) {
        ByteBuffer bytes =
                ByteBuffer.allocate(content.length * (type.equals("F32") ? 4 : 2))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : content) {
            switch (type) {
                case "F32" -> bytes.putFloat(value);
                case "F16" -> bytes.putShort(Float.floatToFloat16(value));
                case "BF16" -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
                default -> throw new IllegalArgumentException(type);
            }
        }
        return bytes.array();
    }

    /** The file of one tensor that the format's own test has, then {@code tail} bytes. */
    static byte[] smallest(int tail) {
        byte[] header =
                "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}"
                        .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 16 + tail)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }
}
