package dev.parlo.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The calls themselves, into a library that answers as the driver does. */
@EnabledOnOs(OS.LINUX)
@Timeout(180)
class NvidiaDriverTest {
    @TempDir Path folder;
    private StubLibraries stubs;

    /** Runs in a process that finds the stub: prints what the driver says. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try {
                NvidiaDriver driver = NvidiaDriver.open();
                System.out.println(driver.cudaVersion() + " " + driver.gpus());
            } catch (GpuRefusal refused) {
                System.out.println(refused.sentence());
            }
        }
    }

    @BeforeEach
    void needACompiler() {
        assumeTrue(StubLibraries.canBeMade(), "there is no C compiler");
        stubs = new StubLibraries(folder);
    }

    private String said() throws Exception {
        Process process =
                stubs.java(Program.class).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text.strip();
    }

    private void driver(int init, int count) throws Exception {
        stubs.compile(
                NvidiaDriver.LIBRARY,
                "#include <string.h>",
                "int cuInit(unsigned flags) { return flags == 0 ? " + init + " : 1; }",
                "int cuDriverGetVersion(int *v) { *v = 13000; return 0; }",
                "int cuDeviceGetCount(int *v) { *v = " + count + "; return 0; }",
                "int cuDeviceGet(int *d, int i) { *d = 40 + i; return 0; }",
                "int cuDeviceGetName(char *n, int l, int d) {"
                        + " strncpy(n, d == 40 ? \"NVIDIA H200\" : \"NVIDIA L4\", l); return 0; }",
                "int cuDeviceTotalMem_v2(unsigned long *b, int d) { *b = 24UL << 30; return 0; }",
                "int cuDeviceGetAttribute(int *v, int a, int d) {"
                        + " *v = a == 16 ? 58 : a == 75 ? (d == 40 ? 9 : 8)"
                        + " : a == 76 ? (d == 40 ? 0 : 9) : -1; return 0; }");
    }

    @Test
    void theDriverAndItsGpusAreRead() throws Exception {
        driver(0, 2);
        assertThat(said())
                .isEqualTo(
                        "13000 [Gpu[index=0, name=NVIDIA H200, capability=90, multiprocessors=58,"
                                + " memoryBytes=25769803776], Gpu[index=1, name=NVIDIA L4,"
                                + " capability=89, multiprocessors=58, memoryBytes=25769803776]]");
    }

    @Test
    void aDriverThatRefusesIsARefusalWithItsCode() throws Exception {
        driver(803, 0);
        assertThat(said()).contains("refuses cuInit with code 803");
    }

    @Test
    void aDriverThatLacksAFunctionIsToldAsTooOld() throws Exception {
        stubs.compile(NvidiaDriver.LIBRARY, "int cuInit(unsigned flags) { return 0; }");
        assertThat(said()).contains("has no cuDriverGetVersion", "Update it");
    }

    @Test
    void withoutADriverTheRefusalSaysHowToGetOne() throws Exception {
        assumeTrue(!java.nio.file.Files.exists(Path.of("/proc/driver/nvidia/version")));
        assertThat(said()).contains("There is no NVIDIA driver", "--gpus all");
    }
}
