package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import dev.parlo.engine.whisper.checkpoint.WhisperConfig.AlignmentHead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * {@code config.json} and {@code generation_config.json} of a Transformers checkpoint. What
 * preprocessor_config.json says is not asked: fine-tunes lack it or carry another size's, and the
 * weights tell the mel bands themselves.
 *
 * @param width d_model
 * @param heads of encoder and decoder
 * @param melBands as config.json says; the weights must agree
 * @param vocabularySize rows of the token embeddings
 * @param generation the object that says how to decode
 * @param origin the repository that this one was made from, as far as config.json tells
 */
record TransformersConfig(
        ModelFile file,
        int width,
        int heads,
        int encoderLayers,
        int decoderLayers,
        int feedForwardWidth,
        int melBands,
        int vocabularySize,
        JsonNode generation,
        String origin) {
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_WIDTH = 1 << 14;
    private static final int MAX_LAYERS = 512;
    private static final int MAX_VOCABULARY = 1_000_000;

    /** No list is longer than a vocabulary. */
    private static final int MAX_LIST = 100_000;

    /**
     * Reads both files.
     *
     * @throws EngineException of category BAD_MODEL when config.json is not that of a Whisper model
     */
    static TransformersConfig read(Path directory) {
        ModelFile file = new ModelFile(directory.resolve("config.json"), MAX_BYTES);
        JsonNode root = file.json();
        if (!root.path("model_type").asString("").equals("whisper")) {
            throw file.outside(root.path("model_type"), "model_type", "whisper");
        }
        JsonNode activation = root.path("activation_function");
        if (!activation.asString("gelu").equals("gelu")) {
            throw file.outside(activation, "activation_function", "gelu");
        }
        int width = file.integer(root.path("d_model"), "d_model", 1, MAX_WIDTH);
        int heads = heads(file, root, "encoder_attention_heads", width);
        if (heads(file, root, "decoder_attention_heads", width) != heads) {
            throw file.outside(
                    root.path("decoder_attention_heads"),
                    "decoder_attention_heads",
                    heads + ", as in the encoder");
        }
        int inner = inner(file, root, "encoder_ffn_dim", width);
        if (inner(file, root, "decoder_ffn_dim", width) != inner) {
            throw file.outside(
                    root.path("decoder_ffn_dim"), "decoder_ffn_dim", inner + ", as in the encoder");
        }
        Path generation = directory.resolve("generation_config.json");
        return new TransformersConfig(
                file,
                width,
                heads,
                file.integer(root.path("encoder_layers"), "encoder_layers", 1, MAX_LAYERS),
                file.integer(root.path("decoder_layers"), "decoder_layers", 1, MAX_LAYERS),
                inner,
                file.integer(root.path("num_mel_bins"), "num_mel_bins", 80, 1, 1024),
                file.integer(root.path("vocab_size"), "vocab_size", 1, MAX_VOCABULARY),
                // Before generation_config.json there was, its settings stood in config.json.
                Files.isRegularFile(generation)
                        ? object(new ModelFile(generation, MAX_BYTES))
                        : root,
                root.path("_name_or_path").asString("").toLowerCase(Locale.ROOT));
    }

    private static JsonNode object(ModelFile file) {
        JsonNode root = file.json();
        return root.isObject() ? root : JsonNodeFactory.instance.objectNode();
    }

    private static int heads(ModelFile file, JsonNode root, String name, int width) {
        return file.integer(root.path(name), name, width / WhisperShape.HEAD_WIDTH, 1, MAX_WIDTH);
    }

    private static int inner(ModelFile file, JsonNode root, String name, int width) {
        return file.integer(root.path(name), name, 4 * width, 1, 16 * MAX_WIDTH);
    }

    /** The ids that the files give to languages, by token such as {@code <|en|>}. */
    Map<String, Integer> languageIds() {
        return ids("lang_to_id", UnaryOperator.identity());
    }

    /**
     * The ids that the files give to tokens with a meaning, which the tokenizer must agree with.
     */
    Map<String, Integer> knownIds() {
        Map<String, Integer> known = languageIds();
        known.putAll(ids("task_to_id", task -> "<|" + task + "|>"));
        JsonNode noTimestamps = generation.path("no_timestamps_token_id");
        if (noTimestamps.isInt()) {
            known.put("<|notimestamps|>", noTimestamps.intValue());
        }
        return known;
    }

    private Map<String, Integer> ids(String name, UnaryOperator<String> token) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : generation.path(name).properties()) {
            if (entry.getValue().isInt() && ids.size() < MAX_LIST) {
                ids.put(token.apply(entry.getKey()), entry.getValue().intValue());
            }
        }
        return ids;
    }

    /** What the engine needs of it, ids as the engine numbers the tokens. */
    WhisperConfig whisper(TransformersTokens tokens) {
        return new WhisperConfig(
                suppressed("suppress_tokens", tokens),
                suppressed("begin_suppress_tokens", tokens),
                tokens.languageIds(),
                alignmentHeads(),
                WhisperConfig.DEFAULT_EPSILON,
                defaultLanguage(tokens));
    }

    private List<Integer> suppressed(String name, TransformersTokens tokens) {
        return tokens.numbered(
                file.integers(
                        generation.path(name),
                        name,
                        MAX_LIST,
                        Integer.MIN_VALUE,
                        Integer.MAX_VALUE));
    }

    private List<AlignmentHead> alignmentHeads() {
        List<AlignmentHead> heads = new ArrayList<>();
        for (JsonNode pair : generation.path("alignment_heads")) {
            if (pair.size() == 2 && pair.get(0).isInt() && pair.get(1).isInt()) {
                heads.add(new AlignmentHead(pair.get(0).intValue(), pair.get(1).intValue()));
            }
            if (heads.size() == MAX_LIST) {
                break;
            }
        }
        return heads.isEmpty() ? PublishedHeads.of(this) : heads;
    }

    /**
     * The language that older fine-tunes force at the first place behind the start. What they force
     * behind it, a task or no timestamps, is the request's to say.
     */
    private @Nullable Integer defaultLanguage(TransformersTokens tokens) {
        for (JsonNode pair : generation.path("forced_decoder_ids")) {
            if (pair.path(0).asInt(-1) == 1 && pair.path(1).isInt()) {
                List<Integer> language = tokens.numbered(List.of(pair.path(1).intValue()));
                language = language.stream().filter(tokens.languageIds()::contains).toList();
                return language.isEmpty() ? null : language.getFirst();
            }
        }
        return null;
    }
}
