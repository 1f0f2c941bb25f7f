package dev.parlo.registry;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whisper as the Transformers library keeps it. Of the same weights in several forms one is used:
 * {@code model.safetensors}, else what {@code model.safetensors.index.json} names, else a single
 * file of another width, else PyTorch's older form; never one of these beside another, and never
 * TensorFlow's or Flax's.
 */
final class WhisperTransformersFiles implements FamilyFiles {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    /** In the order in which the engine takes them. */
    private static final List<String> OTHERS =
            List.of(
                    "model.fp32.safetensors",
                    "model.fp16.safetensors",
                    "model.bf16.safetensors",
                    "pytorch_model.bin");

    private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");
    private static final int LONGEST_INDEX = 16 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public boolean recognises(RepositoryContents contents) {
        // a colon names a checkpoint of several, which these files never are
        return contents.id().variant().isEmpty()
                && contents.has("config.json")
                && hasWeights(contents)
                && hasTokens(contents)
                && isWhisper(contents);
    }

    static boolean hasWeights(RepositoryContents contents) {
        return contents.hasAny(SINGLE, INDEX) || OTHERS.stream().anyMatch(contents::has);
    }

    static boolean hasTokens(RepositoryContents contents) {
        return contents.hasAny("tokenizer.json", "vocab.json");
    }

    static boolean isWhisper(RepositoryContents contents) {
        RepositoryConfig config = contents.config();
        return config.readable()
                ? config.modelType().equals("whisper")
                : contents.mentions("whisper");
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> wanted = settings(contents);
        wanted.addAll(weights(contents));
        return wanted;
    }

    /** The configuration and the tokenizer, of which newer and older files say the same. */
    static List<String> settings(RepositoryContents contents) {
        List<String> wanted =
                FamilyFiles.present(
                        contents,
                        "config.json",
                        "generation_config.json",
                        "preprocessor_config.json");
        wanted.addAll(
                contents.has("tokenizer.json")
                        ? List.of("tokenizer.json")
                        : FamilyFiles.present(
                                contents,
                                "vocab.json",
                                "merges.txt",
                                "added_tokens.json",
                                "tokenizer_config.json"));
        return wanted;
    }

    private static List<String> weights(RepositoryContents contents) {
        if (contents.has(SINGLE)) {
            return List.of(SINGLE);
        }
        if (contents.has(INDEX)) {
            List<String> files = new ArrayList<>(List.of(INDEX));
            files.addAll(shards(contents));
            return files;
        }
        return OTHERS.stream().filter(contents::has).limit(1).toList();
    }

    /** The files that the index names; those that are usual where it cannot be read. */
    private static Set<String> shards(RepositoryContents contents) {
        Set<String> named = new LinkedHashSet<>();
        try {
            JsonNode index = JSON.readTree(contents.start(INDEX, LONGEST_INDEX));
            for (JsonNode file : index.path("weight_map")) {
                // a name with a folder is the engine's to refuse
                if (contents.has(file.asString(""))) {
                    named.add(file.asString(""));
                }
            }
        } catch (JacksonException unreadable) {
            named.clear();
        }
        return named.isEmpty() ? new LinkedHashSet<>(contents.matching(SHARD)) : named;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        boolean begun = hasWeights(contents) || !contents.matching(SHARD).isEmpty();
        if (!begun || !isWhisper(contents)) {
            return List.of();
        }
        List<String> lacking = new ArrayList<>(FamilyFiles.absent(contents, "config.json"));
        if (!hasWeights(contents)) {
            lacking.add(INDEX);
        }
        if (!hasTokens(contents)) {
            lacking.add("tokenizer.json (or vocab.json with merges.txt)");
        }
        return lacking;
    }

    @Override
    public boolean mayHoldMore(RepositoryContents contents) {
        return !contents.has("generation_config.json");
    }
}
