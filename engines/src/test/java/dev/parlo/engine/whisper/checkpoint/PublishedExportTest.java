package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Graphs that PyTorch's own exporter wrote (training/export_onnx.py), with the same weights as
 * safetensors beside them.
 */
class PublishedExportTest {
    @TempDir private Path folder;

    /** From opset 17 on a norm is one node; the merged decoder has both steps' graphs. */
    @ParameterizedTest
    @CsvSource({"14, true", "14, false", "17, true", "17, false"})
    void everyWeightThatPytorchExportedIsFound(int opset, boolean merged) throws IOException {
        unpack("/onnx/whisper-opset" + opset + ".zip");
        Files.delete(
                folder.resolve("onnx")
                        .resolve(merged ? "decoder_model.onnx" : "decoder_model_merged.onnx"));
        try (Arena arena = Arena.ofConfined()) {
            Map<String, ? extends Variable> expected =
                    CheckpointFiles.in(folder.resolve("st")).read(arena).variables();
            Map<String, ? extends Variable> found =
                    CheckpointFiles.in(folder).read(arena).variables();
            assertThat(found.keySet())
                    .containsExactlyInAnyOrderElementsOf(expected.keySet())
                    .hasSizeGreaterThan(40);
            found.forEach((name, variable) -> {
                if (variable.rank() > 0) {
                    assertThat(variable.toFloats())
                            .as(name)
                            .isEqualTo(Objects.requireNonNull(expected.get(name)).toFloats());
                }
            });
        }
    }

    private void unpack(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(resource));
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                if (!entry.isDirectory()) {
                    Files.createDirectories(file.resolveSibling(""));
                    Files.copy(zip, file);
                }
            }
        }
    }
}
