package dev.parlo.server.hostile;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models whose files hold numbers that cannot be sizes. */
final class ModelAttacks {
    private static final String CONFIG =
            "{\"audio\":{\"sample_rate\":16000},\"espeak\":{\"voice\":\"en-us\"},\"phoneme_type\":"
                    + "\"text\",\"num_speakers\":1,\"phoneme_id_map\":{\"_\":[0],\"^\":[1],\"$\":[2],"
                    + "\"a\":[3]}%s}";

    private ModelAttacks() {}

    /**
     * Writes the models.
     *
     * @param models where local models lie
     * @param home the folder of the program, whose built-in model is damaged in copies
     */
    static Map<String, Attack> written(Path models, Path home) throws IOException {
        Map<String, Attack> attacks = new TreeMap<>();
        piper(models, "large", "", constant(200_000_000));
        piper(models, "huge", "", constant(Long.MAX_VALUE));
        piper(models, "speakers", ",\"num_speakers\":2147483647", constant(4));
        piper(models, "rate", ",\"audio\":{\"sample_rate\":1099511627776}", constant(4));
        piper(models, "ids", ",\"phoneme_id_map\":{\"_\":[1099511627776]}", constant(4));
        piper(models, "slow", ",\"inference\":{\"length_scale\":1e12}", constant(4));
        piper(models, "nan", "", quotient(0));
        piper(models, "infinite", "", quotient(1));
        piper(models, "cut", "", new byte[] {8, 8, 58, 127});
        for (String name :
                List.of(
                        "large",
                        "huge",
                        "speakers",
                        "rate",
                        "ids",
                        "slow",
                        "nan",
                        "infinite",
                        "cut")) {
            attacks.put(
                    "Piper model: " + name,
                    (target, random) ->
                            target.post(
                                    "/v1/audio/speech",
                                    Map.of(
                                            "model",
                                            "hostile/piper-" + name,
                                            "input",
                                            "a",
                                            "voice",
                                            "x")));
        }
        Path whole = home.resolve("models/parlo/whisper-nano.en");
        whisper(models, whole, "tokenizer", "tokenizer.json", tokenizer());
        whisper(models, whole, "suppress", "config.json", changed(whole, "suppress_ids_begin"));
        whisper(models, whole, "languages", "config.json", changed(whole, "lang_ids"));
        whisper(models, whole, "vocabulary", "vocabulary.txt", "a\nb\n");
        whisper(models, whole, "weights", "notes.txt", "");
        notFinite(models.resolve("hostile/whisper-weights/model.bin"));
        for (String name : List.of("tokenizer", "suppress", "languages", "vocabulary", "weights")) {
            attacks.put(
                    "Whisper model: " + name,
                    (target, random) ->
                            target.form(
                                            "/v1/audio/transcriptions",
                                            Files.readAllBytes(
                                                    home.resolve("samples/the-scientists.flac")),
                                            "model",
                                            "hostile/whisper-" + name,
                                            "timestamp_granularities[]",
                                            "word",
                                            "response_format",
                                            "verbose_json")
                                    .status());
        }
        return attacks;
    }

    private static void piper(Path models, String name, String more, byte[] graph)
            throws IOException {
        Path folder = Files.createDirectories(models.resolve("hostile/piper-" + name));
        Files.writeString(folder.resolve("config.json"), CONFIG.replace("%s", more));
        Files.write(folder.resolve("model.onnx"), graph);
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlibrary_name: piper\ntags:\n- piper\n- text-to-speech\n"
                        + "pipeline_tag: text-to-speech\n---\n");
    }

    private static void whisper(Path models, Path whole, String name, String file, String content)
            throws IOException {
        Path folder = Files.createDirectories(models.resolve("hostile/whisper-" + name));
        try (Stream<Path> files = Files.list(whole)) {
            for (Path one : files.toList()) {
                Files.copy(one, folder.resolve(one.getFileName().toString()));
            }
        }
        if (file.equals("vocabulary.txt")) {
            Files.deleteIfExists(folder.resolve("vocabulary.json"));
        }
        Files.writeString(folder.resolve(file), content);
    }

    /** Makes the first number of a normalisation none: its name, then rank, size, type, bytes. */
    private static void notFinite(Path weights) throws IOException {
        byte[] bytes = Files.readAllBytes(weights);
        String name = "decoder/layer_norm/gamma\0";
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name) + name.length();
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(at + 1 + 4 + 1 + 4, Float.NaN);
        Files.write(weights, bytes);
    }

    /** The model's own configuration with a list of one impossible number. */
    private static String changed(Path whole, String list) throws IOException {
        ObjectNode config =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(Files.readAllBytes(whole.resolve("config.json")));
        config.putArray(list).add(Integer.MAX_VALUE);
        return config.toString();
    }

    private static String tokenizer() {
        return "{\"version\":\"1.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2147483646,"
                + "\"b\":2147483647,\"Ġ\":2147483640},\"merges\":[]},\"added_tokens\":[],"
                + "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,"
                + "\"trim_offsets\":true},\"decoder\":{\"type\":\"ByteLevel\"}}";
    }

    private static byte[] constant(long count) {
        TensorProto.Builder shape = TensorProto.newBuilder().setName("s").setDataType(7);
        shape.addDims(4).addInt64Data(1).addInt64Data(1).addInt64Data(1).addInt64Data(count);
        return model(shape, "ConstantOfShape", "s");
    }

    private static byte[] quotient(float numerator) {
        TensorProto.Builder values = TensorProto.newBuilder().setName("n").setDataType(1);
        values.addDims(2).addFloatData(numerator).addFloatData(0);
        TensorProto.Builder zeros = TensorProto.newBuilder().setName("z").setDataType(1);
        zeros.addDims(2).addFloatData(0).addFloatData(0);
        return model(values, zeros, "Div", "n", "z");
    }

    private static byte[] model(TensorProto.Builder one, String operator, String... inputs) {
        TensorProto.Builder unused = TensorProto.newBuilder().setName("z").setDataType(1);
        unused.addDims(1).addFloatData(0);
        return model(one, unused, operator, inputs);
    }

    private static byte[] model(
            TensorProto.Builder one, TensorProto.Builder two, String operator, String... inputs) {
        GraphProto graph =
                GraphProto.newBuilder()
                        .setName("hostile")
                        .addInput(input("input", 7, 2))
                        .addInput(input("input_lengths", 7, 1))
                        .addInput(input("scales", 1, 1))
                        .addInitializer(one)
                        .addInitializer(two)
                        .addNode(
                                NodeProto.newBuilder()
                                        .setOpType(operator)
                                        .addOutput("output")
                                        .addAllInput(List.of(inputs)))
                        .addOutput(
                                ValueInfoProto.newBuilder()
                                        .setName("output")
                                        .setType(
                                                TypeProto.newBuilder()
                                                        .setTensorType(
                                                                TypeProto.Tensor.newBuilder()
                                                                        .setElemType(1))))
                        .build();
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static ValueInfoProto input(String name, int type, int rank) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int i = 0; i < rank; i++) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(name + i));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(type)
                                                .setShape(shape)))
                .build();
    }
}
