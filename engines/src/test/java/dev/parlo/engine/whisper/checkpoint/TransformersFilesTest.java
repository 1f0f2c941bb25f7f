package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fine-tunes do to a checkpoint of the Transformers library, on a small one. */
@Tag("locale")
class TransformersFilesTest {
    private static final List<String> TOKENS = SmallCheckpoint.TOKENS;
    private static final int END = SmallCheckpoint.END;
    private static final int TIMESTAMPS = SmallCheckpoint.TIMESTAMPS;
    private static final int ROWS = SmallCheckpoint.ROWS;

    @TempDir private Path folder;
    private final Map<String, Object> generation = new LinkedHashMap<>();
    private final Map<Integer, String> added = new LinkedHashMap<>();

    private TransformersWriter write(int rows) throws IOException {
        TransformersWriter writer = SmallCheckpoint.weights(folder, 1, rows);
        Path tokenizer = folder.resolve("tokenizer.json");
        json(tokenizer, tokenizer());
        Files.createDirectories(model());
        writer.write(model(), "F32", tokenizer);
        if (!generation.isEmpty()) {
            json(model().resolve("generation_config.json"), generation);
        }
        return writer;
    }

    private Path model() {
        return folder.resolve("model");
    }

    private Map<String, Object> tokenizer() {
        return SmallCheckpoint.tokenizer(added);
    }

    private static void json(Path file, Object content) throws IOException {
        SmallCheckpoint.json(file, content);
    }

    private List<String> tokens() {
        return TransformersTokens.find(model()).orElseThrow().tokens();
    }

    private static float[] row(Checkpoint checkpoint, int id) {
        float[] row = new float[64];
        checkpoint.variable("decoder/embeddings/weight").readRow(id, row);
        return row;
    }

    @Test
    void rowsWithoutATokenAreLeftOut() throws IOException {
        TransformersWriter writer = write(ROWS + 45);
        float[] all = writer.values("model.decoder.embed_tokens.weight");
        assertThat(tokens()).hasSize(ROWS).endsWith("<|29.98|>", "<|30.00|>");
        try (Checkpoint checkpoint = Checkpoint.open(model())) {
            assertThat(checkpoint.shape().vocabularySize()).isEqualTo(ROWS);
            assertThat(row(checkpoint, ROWS - 1))
                    .containsExactly(Arrays.copyOfRange(all, (ROWS - 1) * 64, ROWS * 64));
        }
    }

    /** The file is some megabytes; it is away when the tokenizer is made, and gives the same. */
    @Test
    void whatTheCheckpointHasReadTheTokenizerDoesNotReadOnceMore() throws IOException {
        added.put(ROWS, "Ġnew");
        write(ROWS + 10);
        CacheFolder cache = CacheFolder.at(folder.resolve("cache"));
        try (Checkpoint checkpoint = Checkpoint.open(model());
                WhisperTokenizer read = WhisperTokenizer.open(model(), cache)) {
            Files.writeString(model().resolve("tokenizer.json"), "{}");
            try (WhisperTokenizer kept = WhisperTokenizer.open(checkpoint, cache)) {
                for (String text : new String[] {"ab a b", "<|endoftext|> ab", "aabb"}) {
                    assertThat(kept.encode(text)).isEqualTo(read.encode(text));
                    assertThat(kept.decode(kept.encode(text)))
                            .isEqualTo(read.decode(read.encode(text)));
                }
                assertThat(kept.vocabulary().size()).isEqualTo(read.vocabulary().size());
            }
        }
    }

    @Test
    void addedTokensAreOfTheirKindWhereverTheirRowsAre() throws IOException {
        added.put(ROWS, "Ġnew");
        added.put(ROWS + 1, "<|xx|>");
        added.put(ROWS + 2, "<|hidden|>");
        added.put(ROWS + 3, "Ġword");
        generation.put("lang_to_id", Map.of("<|en|>", END + 2, "<|xx|>", ROWS + 1));
        generation.put("begin_suppress_tokens", List.of(3, END, ROWS, ROWS + 2));
        float[] all = write(ROWS + 10).values("model.decoder.embed_tokens.weight");
        List<String> tokens = tokens();
        assertThat(tokens.subList(0, END + 3))
                .containsExactly("a", "b", "ab", "Ġ", "Ġnew", "Ġword", "<|endoftext|>");
        Vocabulary vocabulary =
                WhisperTokenizer.open(model(), CacheFolder.at(folder.resolve("cache")))
                        .vocabulary();
        assertThat(vocabulary.languages()).containsOnlyKeys("en", "de", "xx");
        assertThat(tokens).doesNotContain("<|hidden|>").hasSize(ROWS + 3);
        try (Checkpoint checkpoint = Checkpoint.open(model())) {
            int language = tokens.indexOf("<|xx|>");
            assertThat(row(checkpoint, language))
                    .containsExactly(Arrays.copyOfRange(all, (ROWS + 1) * 64, (ROWS + 2) * 64));
            assertThat(checkpoint.config().languageIds())
                    .containsExactly(END + 4, END + 5, language);
            assertThat(checkpoint.config().suppressIdsBegin()).containsExactly(3, END + 2, 4);
            vocabulary.check(
                    checkpoint.shape().vocabularySize(),
                    checkpoint.config().languageIds().stream().mapToInt(i -> i).toArray());
        }
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "'', ''", "8, ''", "99, ''"})
    void theLanguageThatAnOldFineTuneForcesIsItsDefault(String forced, String expected)
            throws IOException {
        List<Object> pair = new ArrayList<>(List.of(1));
        pair.add(forced.isEmpty() ? null : Integer.valueOf(forced));
        generation.put("forced_decoder_ids", List.of(List.of(2, 9), pair, List.of(3, 13)));
        write(ROWS);
        try (Checkpoint checkpoint = Checkpoint.open(model())) {
            assertThat(checkpoint.config().defaultLanguage())
                    .isEqualTo(expected.isEmpty() ? null : Integer.valueOf(expected));
        }
    }

    @Test
    void aProjectionOfItsOwnIsUsedAndACopyOfTheEmbeddingsIsNot() throws IOException {
        TransformersWriter writer = write(ROWS);
        float[] embeddings = writer.values("model.decoder.embed_tokens.weight");
        writer.put("proj_out.weight", embeddings, ROWS, 64);
        writer.write(folder.resolve("copy"), "F32", folder.resolve("tokenizer.json"));
        try (Checkpoint copy = Checkpoint.open(folder.resolve("copy"))) {
            assertThat(copy.projection()).isSameAs(copy.variable("decoder/embeddings/weight"));
        }
        embeddings[5] += 1;
        writer.put("proj_out.weight", embeddings, ROWS, 64);
        writer.write(folder.resolve("own"), "F32", folder.resolve("tokenizer.json"));
        try (Checkpoint own = Checkpoint.open(folder.resolve("own"))) {
            float[] row = new float[64];
            own.projection().readRow(0, row);
            assertThat(row[5]).isEqualTo(row(own, 0)[5] + 1);
        }
    }

    @Test
    void olderTokenizerFilesSayTheSame() throws IOException {
        write(ROWS);
        List<String> expected = tokens();
        Files.delete(model().resolve("tokenizer.json"));
        assertThatThrownBy(this::tokens).hasMessageContaining("neither a tokenizer.json nor");
        Map<String, Integer> control = new LinkedHashMap<>();
        Map<String, Object> decoder = new LinkedHashMap<>();
        for (int id = END; id < TOKENS.size(); id++) {
            control.put(TOKENS.get(id), id);
            decoder.put(Integer.toString(id), Map.of("content", TOKENS.get(id), "special", true));
        }
        json(model().resolve("vocab.json"), Map.of("a", 0, "b", 1, "ab", 2, "Ġ", 3));
        Files.writeString(model().resolve("merges.txt"), "#version: 0.2\na b\n");
        json(model().resolve("added_tokens.json"), control);
        assertThat(tokens()).isEqualTo(expected);
        Files.delete(model().resolve("added_tokens.json"));
        json(model().resolve("tokenizer_config.json"), Map.of("added_tokens_decoder", decoder));
        assertThat(tokens()).isEqualTo(expected);
        try (WhisperTokenizer tokenizer =
                WhisperTokenizer.open(model(), CacheFolder.at(folder.resolve("cache")))) {
            assertThat(tokenizer.encode("ab ba")).containsExactly(2, 3, 1, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "no_timestamps_token_id, <|notimestamps|> 13 where generation_config.json has 12",
        "lang_to_id, <|de|> 7 where generation_config.json has 8",
        "task_to_id, <|transcribe|> 9 where generation_config.json has 8"
    })
    void idsThatTheFilesDisagreeAboutAreRefused(String field, String words) throws IOException {
        generation.put(
                field,
                switch (field) {
                    case "lang_to_id" -> Map.of("<|de|>", 8);
                    case "task_to_id" -> Map.of("transcribe", 8);
                    default -> 12;
                });
        write(ROWS);
        assertThatThrownBy(() -> Checkpoint.open(model())).hasMessageContaining(words);
    }

    @Test
    void timestampsThatAnAddedTokenShiftedAreRefused() throws IOException {
        added.put(TIMESTAMPS, "Ġnew");
        write(ROWS + 1);
        assertThatThrownBy(() -> Checkpoint.open(model()))
                .hasMessageContaining("\"Ġnew\" where <|0.00|> belongs");
    }

    @Test
    void aVocabularyThatEndsBeforeTheTimestampsIsRefused() throws IOException {
        write(ROWS - 1);
        assertThatThrownBy(() -> Checkpoint.open(model()))
                .hasMessageContaining("end at " + ROWS)
                .hasMessageContaining("weights are for " + (ROWS - 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.encoder.conv1.bias",
                "model.decoder.layers.0.encoder_attn.v_proj.bias",
                "model.decoder.embed_tokens.weight"
            })
    void aWeightThatIsMissingOrOfAnotherShapeIsNamed(String name) throws IOException {
        TransformersWriter writer = write(ROWS);
        String plain = name.substring("model.".length());
        Files.delete(model().resolve("model.safetensors"));
        writer.put(name, new float[6], 2, 3).writeShards(model(), "BF16", 2);
        assertThatThrownBy(() -> Checkpoint.open(model()))
                .hasMessageContaining("'" + name + "' has shape [2, 3]");
        writer.without(name).writeShards(model(), "BF16", 2);
        assertThatThrownBy(() -> Checkpoint.open(model()))
                .hasMessageContaining("has no '" + plain + "'");
    }

    @Test
    void weightsOfEightBitsAreRefusedWithTheirType() throws IOException {
        write(ROWS);
        Path weights = model().resolve("model.safetensors");
        byte[] file = Files.readAllBytes(weights);
        String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        int at = text.indexOf("\"F32\"");
        byte[] other = "\"I32\"".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        System.arraycopy(other, 0, file, at, other.length);
        Files.write(weights, file);
        assertThatThrownBy(() -> Checkpoint.open(model()))
                .hasMessageContaining("stored as I32; F32, F16 and BF16 are read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.safetensors", "/etc/passwd", "a/b.safetensors", "x.bin", ""})
    void anIndexNamesNothingOutsideOfItsFolder(String file) throws IOException {
        write(ROWS);
        Files.delete(model().resolve("model.safetensors"));
        json(
                model().resolve("model.safetensors.index.json"),
                Map.of("weight_map", Map.of("proj_out.weight", file)));
        assertThatThrownBy(() -> Checkpoint.open(model()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("weight_map");
    }

    @Test
    void anIndexAndItsFilesMustAgree() throws IOException {
        TransformersWriter writer = write(ROWS);
        Files.delete(model().resolve("model.safetensors"));
        writer.writeShards(model(), "F32", 2);
        Path second = model().resolve("model-00002-of-00002.safetensors");
        byte[] saved = Files.readAllBytes(second);
        Files.copy(
                model().resolve("model-00001-of-00002.safetensors"),
                second,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Checkpoint.open(model())).hasMessageContaining("both hold");
        Files.write(second, TransformersWriter.smallest(0));
        assertThatThrownBy(() -> Checkpoint.open(model())).hasMessageContaining("do not hold");
        Files.delete(second);
        assertThatThrownBy(() -> Checkpoint.open(model())).hasMessageContaining("not there");
        Files.write(second, saved);
        Checkpoint.open(model()).close();
    }

    @ParameterizedTest
    @CsvSource({
        "4, 4, 384, 80, 51865, '', 2 2",
        "4, 4, 384, 80, 51864, '', 1 0",
        "6, 6, 512, 80, 51865, '', 3 1",
        "12, 12, 768, 80, 51865, '', 5 3",
        "24, 24, 1024, 80, 51864, '', 11 4",
        "32, 32, 1280, 80, 51865, openai/whisper-large-v2, 10 12",
        "32, 32, 1280, 80, 51865, openai/whisper-large, 9 19",
        "32, 32, 1280, 128, 51866, '', 7 0",
        "32, 4, 1280, 128, 51866, '', 2 4",
        "32, 32, 1280, 80, 51865, me/tuned, ''",
        "32, 2, 1280, 128, 51866, '', ''"
    })
    void theHeadsOfWordTimesAreThoseOfTheSizeWhereNoFileNamesThem(
            int encoder, int decoder, int width, int bands, int tokens, String origin, String first)
            throws IOException {
        json(
                folder.resolve("config.json"),
                Map.of(
                        "model_type", "whisper",
                        "d_model", width,
                        "encoder_layers", encoder,
                        "decoder_layers", decoder,
                        "num_mel_bins", bands,
                        "vocab_size", tokens,
                        "_name_or_path", origin));
        String found =
                PublishedHeads.of(TransformersConfig.read(folder)).stream()
                        .map(head -> String.format(Locale.ROOT, "%d %d", head.layer(), head.head()))
                        .findFirst()
                        .orElse("");
        assertThat(found).isEqualTo(first);
    }
}
