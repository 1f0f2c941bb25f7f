package dev.parlo.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A repository is what its files are, whatever it is called. */
class RecognitionTest {
    private static final String CT2 = "{\"alignment_heads\": [], \"suppress_ids\": [1]}";

    static Stream<Arguments> repositories() {
        return Stream.of(
                is(
                        ModelFamily.WHISPER_CT2,
                        "config.json",
                        CT2,
                        "model.bin",
                        "",
                        "tokenizer.json",
                        ""),
                is(
                        ModelFamily.WHISPER_CT2,
                        "config.json",
                        "{\"lang_ids\": []}",
                        "model.bin",
                        "",
                        "vocabulary.txt",
                        ""),
                is(
                        ModelFamily.WHISPER_TRANSFORMERS,
                        "config.json",
                        "{\"model_type\": \"whisper\"}",
                        "model.safetensors",
                        "",
                        "tokenizer.json",
                        ""),
                is(
                        ModelFamily.WHISPER_TRANSFORMERS,
                        "config.json",
                        "{\"model_type\": \"whisper\"}",
                        "model.safetensors.index.json",
                        "{}",
                        "model-00001-of-00002.safetensors",
                        "",
                        "vocab.json",
                        "{}",
                        "ggml-small.bin",
                        ""),
                is(
                        ModelFamily.WHISPER_ONNX,
                        "config.json",
                        "{\"model_type\": \"whisper\"}",
                        "onnx/encoder_model_int8.onnx",
                        "",
                        "onnx/decoder_model_merged_int8.onnx",
                        "",
                        "tokenizer.json",
                        ""),
                isNone(
                        "config.json",
                        "{\"model_type\": \"whisper\"}",
                        "onnx/encoder_model_q4.onnx",
                        "",
                        "onnx/decoder_model_merged_q4.onnx",
                        "",
                        "tokenizer.json",
                        ""),
                is(ModelFamily.PIPER, "config.json", "{\"phoneme_id_map\": {}}", "model.onnx", ""),
                is(ModelFamily.PIPER, "a.onnx", "", "a.onnx.json", "{}"),
                is(
                        ModelFamily.PIPER,
                        "a.onnx",
                        "",
                        "a.onnx.json",
                        "{}",
                        "b.onnx",
                        "",
                        "b.onnx.json",
                        "{}"),
                is(ModelFamily.KOKORO, "model.onnx", "", "voices.bin", ""),
                is(
                        ModelFamily.PARAKEET,
                        "config.json",
                        "{\"model_type\": \"nemo-conformer-tdt\"}",
                        "vocab.txt",
                        "",
                        "encoder-model.onnx",
                        "",
                        "decoder_joint-model.onnx",
                        ""),
                is(ModelFamily.SILERO_VAD, "silero_vad.onnx", ""),
                is(
                        ModelFamily.DIARIZATION,
                        "config.json",
                        "{\"model_type\": \"pyannet\"}",
                        "onnx/model.onnx",
                        ""),
                is(
                        ModelFamily.SPEAKER_EMBEDDING,
                        "config.json",
                        "{\"model_type\": \"wespeaker-resnet\"}",
                        "onnx/model.onnx",
                        ""),
                is(ModelFamily.WHISPER_GGML, "ggml-base-q5_1.bin", ""),
                isNone(
                        "config.json",
                        "{\"bos_token\": \"<s>\"}",
                        "model.bin",
                        "",
                        "vocabulary.json",
                        ""),
                isNone("config.json", "{\"model_type\": \"bert\"}", "model.onnx", ""),
                isNone("a.onnx.json", "{}"),
                isNone("ggml-silero-v5.1.2.bin", ""),
                isNone("ggml-vad.bin", ""),
                isNone(
                        "config.json", "{\"model_type\": \"nemo-conformer-rnnt\"}",
                        "vocab.txt", "",
                        "encoder-model.onnx", "",
                        "decoder_joint-model.onnx", ""));
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void neitherNameNorTagsDecideWhereTheFilesDo(
            Map<String, String> files, @Nullable ModelFamily family) {
        for (String name :
                List.of("me/x", "me/asr-de-ct2", "me/german-v3-finetune", "me/my-voice")) {
            for (Set<String> tags : List.of(Set.<String>of(), Set.of("de", "license:mit"))) {
                assertThat(family(name, tags, files))
                        .as("%s %s", name, tags)
                        .isEqualTo(Optional.ofNullable(family));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"me/whisper-nllb", "whisper/x"})
    void aTranslatorWithWhisperInItsNameIsNoWhisper(String name) {
        assertThat(
                        family(
                                name,
                                Set.of("automatic-speech-recognition"),
                                Map.of(
                                        "config.json", "{\"decoder_start_token\": \"</s>\"}",
                                        "model.bin", "",
                                        "vocabulary.json", "")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"me/llama-2", "me/asr"})
    void anOddlyNamedGgmlFileIsJudgedByItsHeader(String name) {
        for (int bands : new int[] {80, 128}) {
            assertThat(family(name, Set.of("llm"), Map.of("ggml-model.bin", header(bands))))
                    .contains(ModelFamily.WHISPER_GGML);
        }
        assertThat(family(name, Set.of("llm"), Map.of("ggml-model.bin", header(4096)))).isEmpty();
    }

    private static Optional<ModelFamily> family(
            String name, Set<String> tags, Map<String, String> files) {
        return ModelFamily.of(
                new RepositoryContents(
                        ModelId.parse(name),
                        List.copyOf(files.keySet()),
                        tags,
                        (file, most) -> {
                            String text = files.getOrDefault(file, "");
                            byte[] bytes =
                                    text.getBytes(
                                            file.endsWith(".bin")
                                                    ? java.nio.charset.StandardCharsets.ISO_8859_1
                                                    : UTF_8);
                            return Arrays.copyOf(bytes, Math.min(most, bytes.length));
                        }));
    }

    private static String header(int bands) {
        ByteBuffer bytes = ByteBuffer.allocate(60).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, 0x67676d6c).putInt(4, 51_865).putInt(40, bands);
        return new String(bytes.array(), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static Arguments is(ModelFamily family, String... files) {
        return Arguments.of(files(files), family);
    }

    private static Arguments isNone(String... files) {
        return Arguments.of(files(files), null);
    }

    private static Map<String, String> files(String... namesAndTexts) {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return files;
    }
}
