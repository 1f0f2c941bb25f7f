package dev.parlo.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms of Whisper that are refused, each with what it is and a way on. */
class OtherFormsTest {
    private static final String WHISPER = "{\"model_type\": \"whisper\"}";

    private static RepositoryContents contents(Map<String, String> files) {
        return new RepositoryContents(
                ModelId.parse("me/tuned"),
                List.copyOf(files.keySet()),
                Set.of(),
                (file, most) -> files.getOrDefault(file, "").getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "onnx/encoder_model_quantized.onnx, ONNX graphs",
        "decoder_model_merged.onnx, ONNX graphs",
        "pytorch_model.bin.index.json, safetensors/convert",
        "pytorch_model-00001-of-00002.bin, safetensors/convert",
        "flax_model.msgpack, from_flax",
        "model.safetensors, without a tokenizer",
        "pytorch_model.bin, without a tokenizer"
    })
    void eachIsNamedWithAWayOn(String file, String words) {
        RepositoryContents contents = contents(Map.of("config.json", WHISPER, file, ""));
        assertThat(ModelFamily.of(contents)).isEmpty();
        assertThat(OtherForms.of(contents))
                .hasValueSatisfying(why -> assertThat(why).contains(words));
    }

    @ParameterizedTest
    @CsvSource({
        "openai/whisper-large-v2, of 'openai/whisper-large-v2'",
        "/home/someone/checkpoint, It holds an adapter (LoRA) and no model",
        "<script>, It holds an adapter (LoRA) and no model"
    })
    void anAdapterIsNamedWithTheModelThatItIsOf(String base, String words) {
        RepositoryContents contents =
                contents(
                        Map.of(
                                "adapter_config.json",
                                "{\"base_model_name_or_path\": \"" + base + "\"}",
                                "adapter_model.safetensors",
                                ""));
        assertThat(ModelFamily.of(contents)).isEmpty();
        assertThat(OtherForms.of(contents))
                .hasValueSatisfying(why ->
                        assertThat(why)
                                .contains(words, "merge_and_unload()")
                                .doesNotContain("/home/"));
    }

    @Test
    void ofSeveralFormsOneIsFetched() {
        Map<String, String> files = new java.util.HashMap<>();
        for (String file :
                List.of(
                        "tokenizer.json",
                        "vocab.json",
                        "pytorch_model.bin",
                        "tf_model.h5",
                        "flax_model.msgpack",
                        "model.fp16.safetensors",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model-00003-of-00003.safetensors",
                        "onnx/encoder_model.onnx",
                        "ggml-model.bin")) {
            files.put(file, "");
        }
        files.put("config.json", WHISPER);
        assertThat(weights(files)).containsExactly("model.fp16.safetensors");
        files.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\","
                        + " \"b\": \"model-00002-of-00002.safetensors\", \"c\": \"../x\"}}");
        assertThat(weights(files))
                .containsExactly(
                        "model.safetensors.index.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors");
        files.put("model.safetensors", "");
        assertThat(weights(files)).containsExactly("model.safetensors");
        files.remove("model.safetensors");
        files.keySet().removeIf(file -> file.contains("safetensors"));
        assertThat(weights(files)).containsExactly("pytorch_model.bin");
    }

    private static List<String> weights(Map<String, String> files) {
        RepositoryContents contents = contents(files);
        return ModelFamily.of(contents).orElseThrow().filesToDownload(contents).stream()
                .filter(file -> !List.of("config.json", "tokenizer.json").contains(file))
                .toList();
    }
}
