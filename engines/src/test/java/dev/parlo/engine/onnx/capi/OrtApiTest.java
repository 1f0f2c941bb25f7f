package dev.parlo.engine.onnx.capi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library that the Java API has loaded, called past it. */
class OrtApiTest {
    private final OrtApi api = OrtApi.ofJava();

    @Test
    void itIsTheLibraryOfTheJavaApi() {
        assertThat("ONNX Runtime " + api.version())
                .isEqualTo(dev.parlo.engine.onnx.OnnxEnvironment.label());
        assertThat(api.providers()).contains("CPUExecutionProvider");
        assertThat(api.buildInfo()).isNotBlank();
    }

    @Test
    void theLibraryIsNoOlderThanTheFunctionsThatAreCalled() {
        int minor = Integer.parseInt(api.version().split("\\.")[1]);
        assertThat(minor).isGreaterThanOrEqualTo(OrtApi.VERSION);
    }

    @Test
    void everyFunctionHasAPlaceOfItsOwn() {
        assertThat(Arrays.stream(OrtFunction.values()).map(OrtFunction::slot))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(OrtFunction.values()).map(OrtFunction::header))
                .doesNotHaveDuplicates();
    }

    @Test
    void aFailureHasTheLibrarysWords(@TempDir Path folder) {
        Path missing = folder.resolve("none.onnx");
        try (SessionOptions options =
                new SessionOptions(api, 1, SessionOptions.Optimization.BASIC)) {
            assertThatThrownBy(() -> new Session(api, missing, options))
                    .isInstanceOfSatisfying(
                            OrtStatusException.class,
                            failure -> assertThat(failure.code()).isEqualTo(3))
                    .hasMessageStartingWith("CreateSession: ")
                    .hasMessageContaining("none.onnx");
        }
    }

    @Test
    void aProviderThatIsNotThereIsRefusedInWords() {
        assertThatThrownBy(() -> CudaOptions.of(api, Map.of("device_id", "0")).close())
                .isInstanceOf(OrtStatusException.class)
                .hasMessageContaining("CUDA");
    }

    @Test
    void whatIsClosedIsNotUsedAnyMore() {
        try (Arena arena = Arena.ofConfined();
                MemoryInfo memory = MemoryInfo.cpu(api)) {
            long address = arena.allocate(16, 8).address();
            Tensor tensor = Tensor.over(memory, address, ElementType.FLOAT, 2, 2);
            tensor.close();
            tensor.close();
            assertThatThrownBy(tensor::address).isInstanceOf(IllegalStateException.class);
        }
    }
}
