package dev.parlo.registry;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Forms of Whisper whose files are not read, and how to come to one that is. */
final class OtherForms {
    private static final Pattern ONNX =
            Pattern.compile("(?:onnx/)?(?:en|de)coder_(?:model|with_past)[^/]*\\.onnx");
    private static final Pattern PICKLE =
            Pattern.compile("pytorch_model(?:-\\d+-of-\\d+)?\\.bin(?:\\.index\\.json)?");
    private static final List<String> OTHER_LIBRARIES =
            List.of("flax_model.msgpack", "tf_model.h5");
    private static final String ADAPTER = "adapter_config.json";
    private static final int LONGEST_ADAPTER = 1 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    private OtherForms() {}

    /** What the files are and what to do, in sentences; empty where they are of no known form. */
    static Optional<String> of(RepositoryContents contents) {
        if (contents.has(ADAPTER)) {
            return Optional.of(adapter(contents));
        }
        if (!WhisperTransformersFiles.isWhisper(contents)) {
            return Optional.empty();
        }
        if (WhisperTransformersFiles.hasWeights(contents)
                && contents.has("config.json")
                && !WhisperTransformersFiles.hasTokens(contents)) {
            return Optional.of(
                    "It holds a Whisper checkpoint without a tokenizer: put the tokenizer.json of the"
                            + " model that it was made from beside it, in a folder under MODELS_PATH.");
        }
        if (!contents.matching(ONNX).isEmpty()) {
            return Optional.of(
                    "It holds Whisper as ONNX graphs that are not read: encoder_model.onnx with"
                            + " decoder_model_merged.onnx or decoder_model.onnx is, with"
                            + " _fp16, _quantized, _int8 or _uint8 before .onnx, too; weights of 4"
                            + " bits are not. Take the repository that they were exported from,"
                            + " which holds model.safetensors.");
        }
        if (!contents.matching(PICKLE).isEmpty()) {
            return Optional.of(
                    "It holds its weights as PyTorch's pickles in several files or without config.json"
                            + " and a tokenizer. Convert it to model.safetensors: the Hub's space"
                            + " safetensors/convert opens a pull request with it, and Transformers'"
                            + " save_pretrained(folder) writes it.");
        }
        if (OTHER_LIBRARIES.stream().anyMatch(contents::has)) {
            return Optional.of(
                    "It holds its weights for TensorFlow or Flax only. Transformers reads them"
                            + " (from_pretrained with from_tf or from_flax) and writes"
                            + " model.safetensors (save_pretrained).");
        }
        return Optional.empty();
    }

    private static String adapter(RepositoryContents contents) {
        String base = "";
        try {
            base =
                    JSON.readTree(contents.start(ADAPTER, LONGEST_ADAPTER))
                            .path("base_model_name_or_path")
                            .asString("");
        } catch (JacksonException unreadable) {
            base = "";
        }
        // a client is shown what looks like an id, and nothing else that a file may say
        String of = ModelId.tryParse(base).map(id -> " of '" + id + "'").orElse("");
        return "It holds an adapter (LoRA)"
                + of
                + " and no model. Merge it into the model with PEFT"
                + " (merge_and_unload(), then save_pretrained(folder)) and use that folder under"
                + " MODELS_PATH"
                + (of.isEmpty() ? "." : ", or download the model without the adapter.");
    }
}
