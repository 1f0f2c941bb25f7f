package dev.parlo.engine.whisper.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.CodedOutputStream;
import dev.parlo.engine.EngineException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exports to ONNX of a small checkpoint, in every form that is read, and what is refused. */
@Tag("locale")
class OnnxFilesTest {
    private static final OnnxWriter.Form PLAIN = OnnxWriter.Form.PLAIN;

    @TempDir private Path folder;
    private Path model;
    private TransformersWriter writer;

    @BeforeEach
    void writeTheConfiguration() throws IOException {
        model = folder.resolve("model");
        writer = SmallCheckpoint.write(folder, 2);
        writer.writeConfig(model);
        Files.copy(folder.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
    }

    private Path encoder() {
        return model.resolve("onnx/encoder_model.onnx");
    }

    private Path decoder() {
        return model.resolve("onnx/decoder_model_merged.onnx");
    }

    @ParameterizedTest
    @CsvSource({
        "F32, true, false, true",
        "F32, false, true, false",
        "F16, true, true, true",
        "F16, false, false, false",
        "INT8, true, false, true",
        "INT8, false, true, true",
        "UINT8, true, true, false",
        "UINT8, false, false, true"
    })
    void everyWeightIsTheOneThatWasStored(
            String numbers, boolean merged, boolean external, boolean norms) throws IOException {
        export(new OnnxWriter.Form(numbers, merged, external, norms));
        assertReadAsStored(numbers.equals("F16") ? "F16" : "F32");
    }

    private void export(OnnxWriter.Form form) throws IOException {
        new OnnxWriter(writer, form).write(model);
    }

    /** Compares with a safetensors file of the values that the export stands for. */
    private void assertReadAsStored(String type) throws IOException {
        Path stored = folder.resolve("stored");
        writer.write(stored, type, folder.resolve("tokenizer.json"));
        try (Arena arena = Arena.ofConfined()) {
            Map<String, ? extends Variable> expected =
                    CheckpointFiles.in(stored).read(arena).variables();
            Map<String, ? extends Variable> found =
                    CheckpointFiles.in(model).read(arena).variables();
            assertThat(found.keySet())
                    .containsExactlyInAnyOrderElementsOf(expected.keySet())
                    .hasSizeGreaterThan(40);
            found.forEach((name, variable) -> {
                Variable other = java.util.Objects.requireNonNull(expected.get(name));
                assertThat(variable.shape()).as(name).isEqualTo(other.shape());
                if (variable.rank() > 0) {
                    assertThat(variable.toFloats()).as(name).isEqualTo(other.toFloats());
                }
            });
        }
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            assertThat(checkpoint.shape().encoderLayers()).isEqualTo(2);
            assertThat(checkpoint.config().alignmentHeads()).hasSize(1);
        }
    }

    /** Optimum keeps one of two equal tensors, under the name of either. */
    @Test
    void tensorsThatAreEqualAndShareANameAreFoundByTheirNodes() throws IOException {
        float[] ones = new float[64];
        Arrays.fill(ones, 1);
        float[] square = writer.values("model.decoder.layers.0.self_attn.k_proj.weight");
        for (String name : writer.names()) {
            if (name.endsWith("layer_norm.weight") || name.endsWith("layer_norm.bias")) {
                writer.put(name, ones, 64);
            } else if (name.startsWith("model.decoder") && name.endsWith("_proj.weight")) {
                writer.put(name, square, 64, 64);
            } else if (name.startsWith("model.decoder") && name.endsWith("fc2.bias")) {
                writer.put(name, ones, 64);
            }
        }
        export(PLAIN);
        assertReadAsStored("F32");
    }

    @Test
    void ofSeveralExportsTheFullOneIsReadAndAnotherByItsEncoder() throws IOException {
        export(PLAIN);
        float[] full = floats(model);
        export(new OnnxWriter.Form("UINT8", true, false, true));
        assertThat(floats(model)).isEqualTo(full);
        assertThat(floats(model.resolve("onnx/encoder_model_uint8.onnx"))).isNotEqualTo(full);
        Files.move(model.resolve("config.json"), model.resolve("onnx/config.json"));
        Files.move(model.resolve("tokenizer.json"), model.resolve("onnx/tokenizer.json"));
        assertThat(floats(model.resolve("onnx"))).isEqualTo(full);
    }

    private static float[] floats(Path checkpoint) {
        try (Checkpoint open = Checkpoint.open(checkpoint)) {
            return open.variable("decoder/layer_0/ffn/linear_0/weight").toFloats();
        }
    }

    @Test
    void aGraphOfAnotherStructureIsRefusedWithTheTensorTheFileAndTheWayOn() throws IOException {
        writer.renamed(name -> name.replace("fc1.weight", "other.weight"));
        export(PLAIN);
        assertThatThrownBy(() -> Checkpoint.open(model))
                .hasMessageContaining("encoder_model.onnx")
                .hasMessageContaining("'encoder.layers.0.")
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("CTranslate2");
    }

    @Test
    void whatIsMissingBesideAGraphIsNamed() throws IOException {
        export(new OnnxWriter.Form("F32", true, true, true));
        Files.delete(model.resolve("onnx/decoder_model_merged.onnx_data"));
        assertThatThrownBy(() -> Checkpoint.open(model))
                .hasMessageContaining("decoder_model_merged.onnx")
                .hasMessageContaining("'decoder_model_merged.onnx_data' are missing");
        Files.delete(decoder());
        assertThatThrownBy(() -> Checkpoint.open(model))
                .hasMessageContaining("has no decoder beside it");
    }

    @Test
    void noFileOutsideOfTheModelsFolderIsRead() throws IOException {
        export(new OnnxWriter.Form("F32", true, true, true));
        String graph = Files.readString(encoder(), ISO_8859_1);
        String elsewhere = "../../../../etc/profile"; // as long as the name that it replaces
        Files.writeString(
                encoder(), graph.replace("encoder_model.onnx_data", elsewhere), ISO_8859_1);
        assertThatThrownBy(() -> Checkpoint.open(model))
                .hasMessageContaining("outside of the model's folder");
    }

    /** Three bytes of a file each, and a view of sixty in memory. */
    @ParameterizedTest
    @CsvSource({"attribute", "tensor"})
    void piecesWithoutNamesAreCountedAsNamesAre(String kind) throws IOException {
        export(PLAIN);
        byte[] piece = {5 << 3 | 2, 1, 0};
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (int i = 0; i <= 2_000_000; i++) {
            pieces.write(piece, 0, piece.length);
        }
        byte[] many = pieces.toByteArray();
        byte[] graph = kind.equals("tensor") ? field(5, many) : field(1, field(5, many));
        Files.write(encoder(), field(7, graph));
        assertThatThrownBy(() -> Checkpoint.open(model))
                .hasMessageContaining("encoder_model.onnx")
                .hasMessageContaining("too many");
    }

    private static byte[] field(int number, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(number, content);
        out.flush();
        return bytes.toByteArray();
    }

    /** Never more than a refusal, whatever was damaged. */
    @Test
    void damagedGraphsAreRefused() throws IOException {
        export(new OnnxWriter.Form("INT8", true, false, true));
        Path graph = model.resolve("onnx/decoder_model_merged_int8.onnx");
        byte[] whole = Files.readAllBytes(graph);
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            Files.write(graph, Damage.of(whole, random));
            Throwable thrown = catchThrowable(() -> Checkpoint.open(model).close());
            if (thrown != null) {
                assertThat(thrown)
                        .isInstanceOfSatisfying(
                                EngineException.class,
                                refusal ->
                                        assertThat(refusal.category())
                                                .isEqualTo(EngineException.Category.BAD_MODEL));
            }
        }
    }
}
