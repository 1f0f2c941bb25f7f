package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One rule of owner/name:variant for every family. */
class VariantsTest {
    private static final String WHISPER = "{\"model_type\": \"whisper\", \"suppress_ids\": []}";

    private static RepositoryContents contents(String id, String files) {
        return new RepositoryContents(
                ModelId.parse(id),
                Arrays.asList(files.split(" ")),
                Set.of(),
                (file, most) ->
                        (file.equals("config.json") && !files.contains("joint") ? WHISPER : "")
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** The families' repositories, with a variant of each, and the file that it means. */
    @ParameterizedTest
    @CsvSource({
        "WHISPER_CT2, model.bin config.json tokenizer.json, '', model.bin",
        "WHISPER_TRANSFORMERS, model.safetensors config.json tokenizer.json, '', model.safetensors",
        "WHISPER_ONNX, encoder_model.onnx decoder_model_merged.onnx encoder_model_fp16.onnx"
                + " decoder_model_merged_fp16.onnx config.json tokenizer.json, fp16,"
                + " encoder_model_fp16.onnx",
        "PARAKEET, encoder-model.onnx encoder-model.int8.onnx decoder_joint-model.onnx vocab.txt"
                + " config.json, int8, encoder-model.int8.onnx",
        "WHISPER_GGML, ggml-tiny.bin ggml-base.en.bin, base.en, ggml-base.en.bin",
        "PIPER, a.onnx a.onnx.json b.onnx b.onnx.json, b, b.onnx",
        "KOKORO, onnx/model.onnx onnx/model_q4.onnx voices/af.bin, q4, onnx/model_q4.onnx"
    })
    void whatARepositoryDoesNotHoldIsRefusedWithTheIdsThatThereAre(
            ModelFamily family, String files, String variant, String meant) {
        String id = "me/x" + (variant.isEmpty() ? "" : ":" + variant);
        RepositoryContents right = contents(id, files);
        assertThat(ModelFamily.of(right)).contains(family);
        assertThat(family.meant(right)).hasToString(id);
        assertThat(family.ids(right)).contains(ModelId.parse(id));
        assertThat(family.filesToDownload(right)).contains(meant);
        for (String wrong :
                List.of("nope", variant.isEmpty() ? "X" : variant.toUpperCase(Locale.ROOT))) {
            RepositoryContents other = contents("me/x:" + wrong, files);
            String refusal = "Repository 'me/x' holds no variant '" + wrong + "'. It holds: [";
            assertThatThrownBy(() -> family.filesToDownload(other))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            refused ->
                                    assertThat(refused.category())
                                            .isEqualTo(RegistryException.Category.NO_VARIANT))
                    .hasMessageStartingWith(refusal)
                    .hasMessageContaining(id);
            assertThatThrownBy(() -> family.meant(other)).hasMessageStartingWith(refusal);
        }
    }

    @Tag("once")
    @ParameterizedTest
    @Timeout(180)
    @CsvSource({
        "PIPER, x%d-y.onnx x%d-y.onnx.json, 'README.md'",
        "PIPER, a/b/x%d-y.onnx a/b/x%d-y.onnx.json, 'README.md'",
        "KOKORO, model_%d.onnx onnx/model_%d.onnx, 'voices.bin'",
        "WHISPER_GGML, ggml-tiny-%d.bin ggml-x%d.bin, 'README.md'"
    })
    void theModelsOfARepositoryOfManyFilesAreToldInNoTimeWorthAnAttack(
            ModelFamily family, String pair, String beside) {
        String files =
                IntStream.range(0, 3_000)
                        .mapToObj(i -> pair.replace("%d", String.valueOf(i)))
                        .collect(Collectors.joining(" "));
        AtomicInteger reads = new AtomicInteger();
        RepositoryContents contents =
                new RepositoryContents(
                        ModelId.parse("me/whisper"),
                        Arrays.asList((files + " " + beside).split(" ")),
                        Set.of(),
                        (file, most) -> {
                            reads.incrementAndGet();
                            return new byte[0];
                        });
        assertThat(ModelFamily.of(contents)).contains(family);
        List<ModelId> ids = family.ids(contents);
        assertThat(ids).hasSize(2_000);
        for (ModelId id : ids) {
            assertThat(family.filesToDownload(contents.named(id))).isNotEmpty();
        }
        assertThat(reads.get()).isLessThanOrEqualTo(6_000);
    }

    @Test
    void aShortDescriptionOfEndlessSpeakersIsBounded() {
        String index =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "\"v" + i + "\": {\"num_speakers\": 2000000000}")
                        .collect(Collectors.joining(",", "{", "}"));
        VoiceIndex read = VoiceIndex.of(index.getBytes(StandardCharsets.UTF_8));
        assertThat(read.voices()).hasSize(10_000);
        assertThat(read.voices().values().stream().mapToInt(each -> each.speakers().size()).sum())
                .isEqualTo(100_000);
    }

    @Test
    void ofManyThoseMostLikeTheWantedOneAreNamedAndTheRestCounted() {
        String files =
                String.join(
                        " ",
                        IntStream.range(0, 90)
                                .mapToObj(i -> "x" + i + "-y.onnx x" + i + "-y.onnx.json")
                                .toList());
        assertThatThrownBy(() -> ModelFamily.PIPER.meant(contents("me/x:X77", files)))
                .hasMessageContaining("It holds: [me/x:x77-y, me/x:x7-y, me/x:x70-y")
                .hasMessageContaining(" and 50 more (`parlo registry show me/x`).");
    }
}
