package dev.parlo.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.device.GpuReport.GpuState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuProbeTest {
    private static final List<String> CUDA_12 =
            List.of(
                    "libcudart.so.12",
                    "libcublasLt.so.12",
                    "libcublas.so.12",
                    "libcurand.so.10",
                    "libcudnn.so.9");

    private final FakeLibraries libraries = new FakeLibraries();
    private final List<Integer> computed = new ArrayList<>();
    @TempDir Path folder;
    private Path natives;

    @BeforeEach
    void makeNatives() throws IOException {
        natives = Files.createDirectory(folder.resolve("gpu"));
        for (String file :
                new String[] {
                    "libonnxruntime.so",
                    "libonnxruntime4j_jni.so",
                    "libonnxruntime_providers_shared.so"
                }) {
            new ElfWriter().needs("libc.so.6").write(natives.resolve(file));
        }
        new ElfWriter()
                .needs(
                        "libcublasLt.so.12",
                        "libcublas.so.12",
                        "libcurand.so.10",
                        "libcudart.so.12",
                        "libcuda.so.1",
                        "libc.so.6")
                .codeFor(75, 80, 90)
                .write(natives.resolve(GpuNatives.PROVIDER));
    }

    private GpuReport report(GpuDriver driver) {
        return report(driver, List.of());
    }

    private GpuReport report(GpuDriver driver, List<Path> cudaFolders) {
        return new GpuProbe(
                        () -> driver,
                        libraries,
                        List.of(folder.resolve("usual")),
                        (found, gpu, convolutions) -> {
                            computed.add(gpu);
                            return Optional.empty();
                        })
                .report(natives, cudaFolders);
    }

    @Test
    void aMachineThatHasAllIsUsable() {
        libraries.versions.put("cudaRuntimeGetVersion", 12080L);
        libraries.versions.put("cublasLtGetVersion", 120804L);
        libraries.versions.put("cudnnGetVersion", 91002L);
        GpuReport report = report(new FakeDriver(12080, List.of(FakeDriver.H200)));
        assertThat(report.problem()).isEmpty();
        assertThat(report.driverCuda()).isEqualTo("12.8");
        assertThat(report.nativesCuda()).isEqualTo("12");
        assertThat(report.gpus())
                .containsExactly(new GpuState(0, "NVIDIA H200", "9.0", 132, 150_000_000_000L, ""));
        // Each before those that are linked to it; the driver is not CUDA's to load.
        assertThat(libraries.asked).isEqualTo(CUDA_12);
        assertThat(report.libraries())
                .extracting(CudaLibrary::name, CudaLibrary::version)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("libcudart.so.12", "12.8"),
                        org.assertj.core.groups.Tuple.tuple("libcublasLt.so.12", "12.8"),
                        org.assertj.core.groups.Tuple.tuple("libcudnn.so.9", "9.10"));
        assertThat(computed).containsExactly(0, 0);
    }

    @Test
    void withoutADriverNothingOfCudaIsLoaded() {
        GpuReport report =
                new GpuProbe(
                                () -> {
                                    throw new GpuRefusal("There is no NVIDIA driver.");
                                },
                                libraries,
                                List.of(),
                                (found, gpu, convolutions) -> Optional.empty())
                        .report(natives, List.of());
        assertThat(report.problem()).isEqualTo("There is no NVIDIA driver.");
        assertThat(libraries.asked).isEmpty();
        assertThat(report.hasUsable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "100, CUDA_ERROR_NO_DEVICE, --gpus all",
        "802, CUDA_ERROR_SYSTEM_NOT_READY, nvidia-fabricmanager",
        "803, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, restart the machine",
        "804, CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE, remove the package",
        "999, CUDA_ERROR_UNKNOWN, /dev/nvidia*",
        "46, code 46, nvidia-smi"
    })
    void aDriverThatDoesNotStartIsToldByItsCodeWithWhatToDo(int code, String name, String advice) {
        assertThat(DriverStatus.sentence("cuInit", code)).contains("cuInit", name, advice);
    }

    @Test
    void aDriverThatIsTooOldIsToldWithTheOneThatIsNeeded() {
        GpuReport report = report(new FakeDriver(11080, List.of(FakeDriver.H200)));
        assertThat(report.problem())
                .contains("supports CUDA 11.8", "need CUDA 12", "525.60.13 or newer");
        assertThat(computed).isEmpty();
    }

    @Test
    void aDriverWithoutAGpuSaysSo() {
        assertThat(report(new FakeDriver(12080, List.of())).problem())
                .contains("CUDA_ERROR_NO_DEVICE", "--gpus all");
    }

    @Test
    void withoutCudnnThereAreNoConvolutionsAndWhyIsToldWithHowToGetIt() {
        libraries.missing.put(
                "libcudnn.so.9",
                "libcudnn.so.9: cannot open shared object file: No such file or directory");
        GpuReport report = report(new FakeDriver(12080, List.of(FakeDriver.H200)));
        assertThat(report.noConvolutions())
                .contains(
                        "libcudnn.so.9 cannot be loaded: install cuDNN 9 for CUDA 12",
                        "PARLO_CUDA_PATH",
                        "No such file or directory");
        assertThat(report.libraries()).filteredOn(CudaLibrary::isLoaded).hasSize(4);
        assertThat(report.refusal(0)).as("what needs none is computed").isEmpty();
        assertThat(report.refusalOfConvolutions(0)).isPresent();
        assertThat(computed).containsExactly(0);
    }

    @Test
    void everyLibraryThatIsMissingIsNamedAtOnce() {
        CUDA_12.forEach(name -> libraries.missing.put(name, name + ": not there"));
        assertThat(report(new FakeDriver(12080, List.of(FakeDriver.H200))).problem())
                .startsWith(
                        String.join(", ", CUDA_12.subList(0, 4))
                                + " cannot be loaded: install the libraries of CUDA 12, ")
                .endsWith("(libcudart.so.12: not there).");
    }

    @Test
    void aLibraryInAFolderThatIsNamedGoesBeforeTheSystems() throws IOException {
        Path named = Files.createDirectory(folder.resolve("named"));
        Path file = Files.createFile(named.resolve("libcudnn.so.9"));
        assertThat(
                        report(new FakeDriver(12080, List.of(FakeDriver.H200)), List.of(named))
                                .problem())
                .isEmpty();
        assertThat(libraries.asked).contains(file.toString()).doesNotContain("libcudnn.so.9");
    }

    @Test
    void aLibraryThatTheSystemDoesNotFindIsTakenFromAUsualFolder() throws IOException {
        libraries.missing.put("libcublas.so.12", "not there");
        Path usual = Files.createDirectory(folder.resolve("usual"));
        Path file = Files.createFile(usual.resolve("libcublas.so.12"));
        assertThat(report(new FakeDriver(12080, List.of(FakeDriver.H200))).problem()).isEmpty();
        assertThat(libraries.asked).contains(file.toString());
    }

    @Test
    void ofTwoGpusTheOneThatThereIsCodeForIsUsable() {
        GpuReport report =
                report(
                        new FakeDriver(
                                12080,
                                List.of(
                                        FakeDriver.gpu(0, "NVIDIA B200", 100),
                                        FakeDriver.gpu(1, "NVIDIA L4", 89))));
        assertThat(report.hasUsable()).isTrue();
        assertThat(report.refusal(0).orElse(""))
                .contains("GPU 0", "compute capability 10.0", "7.5, 8.0, 9.0");
        assertThat(report.refusal(1)).isEmpty();
        assertThat(report.refusal(2).orElse(""))
                .isEqualTo("There is no GPU 2; there are 0 (NVIDIA B200), 1 (NVIDIA L4).");
        assertThat(computed).containsExactly(1, 1);
    }

    @Test
    void aGpuThatComputesWronglyIsRefusedByWhatTheCheckSays() {
        GpuReport report =
                new GpuProbe(
                                () -> new FakeDriver(12080, List.of(FakeDriver.H200)),
                                libraries,
                                List.of(),
                                (found, gpu, convolutions) ->
                                        Optional.of("cuda:0 computes wrong numbers"))
                        .report(natives, List.of());
        assertThat(report.problem()).isEqualTo("cuda:0 computes wrong numbers");
        assertThat(report.refusal(0)).contains("cuda:0 computes wrong numbers");
    }

    @Test
    void aMissingFileOfTheNativesIsNamedAndTheDriverIsLookedAtAllTheSame() throws IOException {
        Files.delete(natives.resolve("libonnxruntime_providers_shared.so"));
        GpuReport report = report(new FakeDriver(12080, List.of(FakeDriver.H200)));
        assertThat(report.problem())
                .contains(
                        "GPU natives are not installed",
                        "libonnxruntime_providers_shared.so is missing",
                        "packaging/gpu-natives");
        assertThat(report.gpus()).hasSize(1);
        assertThat(libraries.asked).isEmpty();
    }

    @Test
    void aLibraryThatIsNoCudaProviderIsToldApart() throws IOException {
        new ElfWriter().needs("libc.so.6").write(natives.resolve(GpuNatives.PROVIDER));
        assertThat(report(new FakeDriver(12080, List.of(FakeDriver.H200))).problem())
                .contains("not linked to cuBLAS");
    }
}
