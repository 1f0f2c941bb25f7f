package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExternalWeightsTest {
    @Test
    void aGraphNamesTheFilesOfItsWeights() throws IOException {
        assertThat(read(GraphBytes.withWeightsIn("model.onnx.data")))
                .containsExactly("model.onnx.data");
        assertThat(read(GraphBytes.withWeightsIn("./a/b.bin"))).containsExactly("a/b.bin");
        assertThat(read(new byte[0])).isEmpty();
        assertThat(read("a text, not a graph".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @Property(tries = 500)
    void damagedGraphsNameSafeFilesOrNone(
            @ForAll @Size(max = 6) List<@IntRange(max = 1 << 30) Integer> changes,
            @ForAll @IntRange(max = 1 << 20) int end)
            throws IOException {
        byte[] bytes = GraphBytes.withWeightsIn("model.onnx.data");
        for (int change : changes) {
            bytes[change % bytes.length] = (byte) (change >>> 13);
        }
        byte[] cut =
                java.util.Arrays.copyOf(bytes, end % 3 == 0 ? end % bytes.length : bytes.length);
        assertThat(read(cut))
                .allSatisfy(name ->
                        assertThat(Path.of("/folder").resolve(name).normalize())
                                .startsWithRaw(Path.of("/folder")));
    }

    private static List<String> read(byte[] graph) throws IOException {
        Path file = Files.createTempFile("graph", ".onnx");
        try {
            return ExternalWeights.of(Files.write(file, graph));
        } finally {
            Files.delete(file);
        }
    }
}
