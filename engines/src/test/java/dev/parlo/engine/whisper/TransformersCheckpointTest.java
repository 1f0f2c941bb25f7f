package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.OnnxWriter;
import dev.parlo.engine.whisper.checkpoint.TransformersWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The built-in model as a Transformers checkpoint is the same model. */
@Tag("locale")
class TransformersCheckpointTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir private Path folder;

    private static TransformersWriter builtIn() {
        try (Checkpoint checkpoint = Checkpoint.open(SharedFiles.builtInModel())) {
            return TransformersWriter.of(checkpoint);
        }
    }

    private static Path tokenizer() {
        return SharedFiles.builtInModel().resolve("tokenizer.json");
    }

    /** It is stored as halves, which floats hold exactly. */
    @ParameterizedTest
    @ValueSource(strings = {"F32", "F16", "shards", "wrapped", "bare", "pickle", "onnx"})
    void itsConvertedWeightsAreThoseOfTheModelForCtranslate2(String form) throws IOException {
        Path model = folder.resolve("model");
        TransformersWriter writer = builtIn();
        switch (form) {
            case "shards" -> {
                writer.write(model, "F16", tokenizer());
                Files.delete(model.resolve("model.safetensors"));
                writer.writeShards(model, "F16", 3);
            }
            case "wrapped" ->
                    writer.renamed(name -> "_orig_mod." + name).write(model, "F16", tokenizer());
            case "bare" ->
                    writer.renamed(name -> name.substring("model.".length()))
                            .write(model, "F16", tokenizer());
            case "pickle" -> {
                writer.write(model, "F16", tokenizer());
                Files.delete(model.resolve("model.safetensors"));
                writer.writePytorch(model, "F16");
            }
            case "onnx" -> {
                writer.writeConfig(model);
                Files.copy(tokenizer(), model.resolve("tokenizer.json"));
                new OnnxWriter(writer, new OnnxWriter.Form("F16", true, true, true)).write(model);
            }
            default -> writer.write(model, form, tokenizer());
        }
        assertSameConversion(model, SharedFiles.builtInModel());
    }

    private void assertSameConversion(Path model, Path other) throws IOException {
        List<Path> expected = converted(other, "expected");
        List<Path> found = converted(model, "found-" + model.getFileName());
        assertThat(found).hasSameSizeAs(expected).isNotEmpty();
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).hasSameBinaryContentAs(expected.get(i));
        }
    }

    private List<Path> converted(Path model, String name) throws IOException {
        Path cache = folder.resolve(name);
        WhisperEngine.convert(
                model,
                ComputeType.INT8,
                Placement.Cpu.threads(1),
                CacheFolder.at(cache),
                new Cancellation());
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*\\.(?:weights|onnx)|.*layout.json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void itSaysWhatTheModelForCtranslate2Says() throws IOException {
        Path model = folder.resolve("model");
        builtIn().write(model, "F32", tokenizer());
        try (Golden golden = new Golden(GOLDEN);
                WhisperEngine expected = engine(SharedFiles.builtInModel());
                WhisperEngine found = engine(model)) {
            for (JsonNode utterance :
                    Golden.list(Golden.read(GOLDEN.resolve("golden.json")).get("utterances"))) {
                String file = utterance.get("file").asString();
                assertThat(segments(found, golden, file))
                        .isEqualTo(segments(expected, golden, file))
                        .isNotEmpty();
            }
        }
    }

    /** Of the language that is never spoken here the projection has other weights. */
    @Tag("once")
    @Test
    void aProjectionOfItsOwnDecodesLikeTheEmbeddings() throws IOException {
        TransformersWriter writer = builtIn();
        float[] projection = writer.values("model.decoder.embed_tokens.weight");
        projection[1510 * 192] += 1;
        writer.put("proj_out.weight", projection, projection.length / 192, 192)
                .write(folder.resolve("own"), "F32", tokenizer());
        for (int i = 0; i < projection.length; i++) {
            projection[i] = -projection[i];
        }
        writer.put("proj_out.weight", projection, projection.length / 192, 192)
                .write(folder.resolve("other"), "F32", tokenizer());
        try (Golden golden = new Golden(GOLDEN);
                WhisperEngine expected = engine(SharedFiles.builtInModel());
                WhisperEngine found = engine(folder.resolve("own"));
                WhisperEngine other = engine(folder.resolve("other"))) {
            assertThat(segments(other, golden, "u002.flac"))
                    .isNotEqualTo(segments(expected, golden, "u002.flac"));
            assertThat(segments(found, golden, "u002.flac"))
                    .isEqualTo(segments(expected, golden, "u002.flac"))
                    .isNotEmpty();
        }
    }

    private WhisperEngine engine(Path model) {
        return WhisperEngine.open(
                model,
                WhisperEngineSettings.of(ComputeType.FLOAT32, 2, folder.resolve("cache")),
                new Cancellation());
    }

    /** Tokens, times and words of each. */
    private static List<String> segments(WhisperEngine engine, Golden golden, String file) {
        List<String> said = new ArrayList<>();
        engine.transcribe(
                golden.open(file),
                TranscribeOptions.builder().wordTimestamps(true).build(),
                (Segment segment) ->
                        said.add(
                                segment.start()
                                        + " "
                                        + segment.end()
                                        + java.util.Arrays.toString(segment.tokens())
                                        + segment.words()),
                new Cancellation());
        return said;
    }
}
