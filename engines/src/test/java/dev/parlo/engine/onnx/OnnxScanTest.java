package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.speech.TinySpeechModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxScanTest {
    private static byte[] tiny() throws IOException {
        Path file = Files.createTempFile("tiny", ".onnx");
        Path data = file.resolveSibling(file.getFileName() + "_data");
        try {
            TinySpeechModels.kokoro(file, TinySpeechModels.Family.A, true);
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
            Files.delete(data);
        }
    }

    @Test
    void aGraphIsReadWithoutItsWeights(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("m.onnx");
        TinySpeechModels.kokoro(file, TinySpeechModels.Family.A, true);
        OnnxScan scan = OnnxScan.of(ByteBuffer.wrap(Files.readAllBytes(file)));
        assertThat(scan.outputs()).containsExactly("audio");
        assertThat(scan.onlyOutputFedBy("Clip", "Round")).contains("clipped");
        assertThat(scan.onlyOutput("Cast")).isEmpty();
        assertThat(scan.externalTensors())
                .allSatisfy(
                        tensor -> assertThat(tensor.place().location()).isEqualTo("m.onnx_data"));
        ByteArrayOutputStream longer = new ByteArrayOutputStream();
        longer.write(Files.readAllBytes(file));
        longer.write(OnnxScan.outputTail("clipped"));
        assertThat(OnnxScan.of(ByteBuffer.wrap(longer.toByteArray())).outputs())
                .containsExactly("audio", "clipped");
    }

    @Property(tries = 1000)
    void damagedGraphsAreReadOrRefused(
            @ForAll @Size(max = 8) List<@IntRange(max = 1 << 30) Integer> changes,
            @ForAll @IntRange(max = 1 << 30) int end)
            throws IOException {
        byte[] bytes = tiny();
        for (int change : changes) {
            bytes[change % bytes.length] = (byte) (change >>> 13);
        }
        int length = end % 4 == 0 ? end % bytes.length : bytes.length;
        try {
            OnnxScan scan = OnnxScan.of(ByteBuffer.wrap(bytes, 0, length).slice());
            assertThat(scan.externalTensors()).isNotNull();
        } catch (EngineException refused) {
            assertThat(refused.category()).isEqualTo(EngineException.Category.BAD_MODEL);
        }
    }

    @Test
    void graphsNestedWithoutEndAreRefused() {
        byte[] nested = new byte[0];
        for (int i = 0; i < 5000; i++) {
            // a node (1) with an attribute (5) that is a graph (6)
            nested =
                    ProtobufMessage.field(
                            1, ProtobufMessage.field(5, ProtobufMessage.field(6, nested)));
        }
        byte[] model = ProtobufMessage.field(7, nested);
        assertThatThrownBy(() -> OnnxScan.of(ByteBuffer.wrap(model)))
                .isInstanceOf(EngineException.class);
    }
}
