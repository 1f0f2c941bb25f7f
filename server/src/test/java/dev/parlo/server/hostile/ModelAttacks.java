package dev.parlo.server.hostile;

import dev.parlo.engine.speech.SizedOutputs;
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
        SizedOutputs.constant(piper(models, "large", ""), 200_000_000);
        SizedOutputs.constant(piper(models, "huge", ""), Long.MAX_VALUE);
        SizedOutputs.constant(piper(models, "speakers", ",\"num_speakers\":2147483647"), 4);
        SizedOutputs.constant(
                piper(models, "rate", ",\"audio\":{\"sample_rate\":1099511627776}"), 4);
        SizedOutputs.constant(
                piper(models, "ids", ",\"phoneme_id_map\":{\"_\":[1099511627776]}"), 4);
        SizedOutputs.constant(piper(models, "slow", ",\"inference\":{\"length_scale\":1e12}"), 4);
        SizedOutputs.quotient(piper(models, "nan", ""), 0);
        SizedOutputs.quotient(piper(models, "infinite", ""), 1);
        Files.write(piper(models, "cut", ""), new byte[] {8, 8, 58, 127});
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

    /** A folder of Piper's; gives the file where its network goes. */
    private static Path piper(Path models, String name, String more) throws IOException {
        Path folder = Files.createDirectories(models.resolve("hostile/piper-" + name));
        Files.writeString(folder.resolve("config.json"), CONFIG.replace("%s", more));
        Files.writeString(
                folder.resolve("README.md"),
                "---\nlibrary_name: piper\ntags:\n- piper\n- text-to-speech\n"
                        + "pipeline_tag: text-to-speech\n---\n");
        return folder.resolve("model.onnx");
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
}
