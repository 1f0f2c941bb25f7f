package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("locale")
class PytorchReaderTest {
    private static Map<String, Tensor> read(byte[] file) {
        return PytorchReader.read("pytorch_model.bin", MemorySegment.ofArray(file));
    }

    private static PytorchWriter small() {
        PytorchWriter writer = new PytorchWriter("F16");
        writer.add("a", new long[] {2, 3}, new byte[12]);
        writer.add("b", new long[] {4}, new byte[8]);
        return writer;
    }

    @Test
    void aTableOfTensorsIsRead() throws IOException {
        Map<String, Tensor> tensors = read(small().toBytes());
        assertThat(tensors).containsOnlyKeys("a", "b");
        assertThat(tensors.values()).allSatisfy(t -> assertThat(t.type()).isEqualTo("F16"));
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "posix, system",
        "torch.storage, _load_from_bytes",
        "collections, OrderedDict.fromkeys"
    })
    void noFunctionIsCalledButThoseThatBuildTensors(String module, String name) throws IOException {
        byte[] file = small().global(module, name).code('(').text("id").code('t', 'R').toBytes();
        assertThatThrownBy(() -> read(file))
                .hasMessageContaining("'" + module + "." + name + "'")
                .hasMessageContaining("can run code");
    }

    @ParameterizedTest
    @CsvSource({"129, NEWOBJ", "105, INST", "111, OBJ", "147, STACK_GLOBAL", "80, PERSID"})
    void codesThatTensorsDoNotNeedAreRefused(int code, String meaning) throws IOException {
        byte[] file = small().code(code).toBytes();
        assertThatThrownBy(() -> read(file))
                .as(meaning)
                .hasMessageContaining("the pickle code " + code);
    }

    @Test
    void aPickleThatGrowsWithoutEndIsStopped() throws IOException {
        PytorchWriter writer = small();
        for (int i = 0; i < 1_000_001; i++) {
            writer.code(0x85);
        }
        byte[] file = writer.toBytes();
        assertThatThrownBy(() -> read(file)).hasMessageContaining("more values than a model has");
    }

    @Test
    void tensorsBeyondTheirBytesAreRefused() throws IOException {
        PytorchWriter writer = new PytorchWriter("F32");
        writer.add("a", new long[] {2, 3}, new byte[20]);
        byte[] file = writer.toBytes();
        assertThatThrownBy(() -> read(file)).hasMessageContaining("ends within 'a'");
        assertThatThrownBy(() -> read(new byte[100])).hasMessageContaining("is no zip file");
    }

    @Test
    void damagedFilesAreReadOrRefusedButNeverAnythingElse() throws IOException {
        byte[] valid = small().toBytes();
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = Damage.of(valid, random);
            try {
                read(damaged);
            } catch (EngineException e) {
                refused++;
                assertThat(e.category()).isEqualTo(EngineException.Category.BAD_MODEL);
            }
        }
        assertThat(refused).isGreaterThan(5000);
    }
}
