package dev.parlo.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files of an export to ONNX make a model, by the one rule of variants. */
class WhisperOnnxFilesTest {
    private static final List<String> SETTINGS =
            List.of("config.json", "generation_config.json", "tokenizer.json");

    private static RepositoryContents contents(String id, List<String> graphs) {
        Map<String, String> files = new TreeMap<>();
        SETTINGS.forEach(file -> files.put(file, ""));
        files.put("config.json", "{\"model_type\": \"whisper\"}");
        graphs.forEach(file -> files.put(file, ""));
        return new RepositoryContents(
                ModelId.parse(id),
                List.copyOf(files.keySet()),
                Set.of(),
                (file, most) -> files.getOrDefault(file, "").getBytes(UTF_8));
    }

    private static List<String> published() {
        List<String> files = new ArrayList<>();
        for (String kind : List.of("", "_fp16", "_quantized", "_int8", "_q4", "_bnb4")) {
            for (String graph :
                    List.of(
                            "encoder_model",
                            "decoder_model",
                            "decoder_model_merged",
                            "decoder_with_past_model")) {
                files.add("onnx/" + graph + kind + ".onnx");
            }
        }
        files.add("onnx/encoder_model.onnx_data");
        files.add("onnx/encoder_model.onnx_data_1");
        return files;
    }

    @ParameterizedTest
    @CsvSource({
        "me/whisper, encoder_model.onnx decoder_model_merged.onnx encoder_model.onnx_data"
                + " encoder_model.onnx_data_1",
        "me/whisper:fp16, encoder_model_fp16.onnx decoder_model_merged_fp16.onnx",
        "me/whisper:quantized, encoder_model_quantized.onnx decoder_model_merged_quantized.onnx"
    })
    void onlyTheFilesOfTheVariantAreWanted(String id, String graphs) {
        RepositoryContents contents = contents(id, published());
        assertThat(ModelFamily.of(contents)).contains(ModelFamily.WHISPER_ONNX);
        List<String> expected = new ArrayList<>(SETTINGS);
        List.of(graphs.split(" ")).forEach(file -> expected.add("onnx/" + file));
        assertThat(ModelFamily.WHISPER_ONNX.wanted(contents))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everyVariantThatIsReadHasAnIdAndOthersAreRefusedWithThose() {
        RepositoryContents contents = contents("me/whisper:q4", published());
        assertThat(ModelFamily.WHISPER_ONNX.ids(contents))
                .extracting(ModelId::toString)
                .containsExactly(
                        "me/whisper", "me/whisper:fp16", "me/whisper:quantized", "me/whisper:int8");
        assertThatThrownBy(() -> ModelFamily.WHISPER_ONNX.wanted(contents))
                .hasMessageContaining("holds no variant 'q4'")
                .hasMessageContaining("me/whisper:quantized");
    }

    @Test
    void anEncoderWithoutItsDecoderIsNotAModel() {
        List<String> files = List.of("encoder_model.onnx", "decoder_with_past_model.onnx");
        RepositoryContents contents = contents("me/whisper", files);
        assertThat(ModelFamily.of(contents)).isEmpty();
        assertThat(ModelFamily.lacking(contents)).containsExactly("decoder_model.onnx");
    }

    @Test
    void weightsForTransformersInTheSameRepositoryComeFirst() {
        List<String> files = published();
        files.add("model.safetensors");
        assertThat(ModelFamily.of(contents("me/whisper", files)))
                .contains(ModelFamily.WHISPER_TRANSFORMERS);
    }
}
