package dev.parlo.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With files of {@code /proc} and {@code /sys} as systems have them. */
@Tag("locale")
class MachineTest {
    @TempDir Path root;

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Finding found(String name) {
        return new Machine(root)
                .look().findings().stream()
                        .filter(finding -> finding.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void limitsOfBothVersionsOfControlGroupsAreTold() throws IOException {
        file("sys/fs/cgroup/cpu.max", "150000 100000\n");
        file("sys/fs/cgroup/memory.max", "4294967296\n");
        file("sys/fs/cgroup/pids.max", "512\n");
        assertThat(found("container").value())
                .endsWith("limited to 1.50 cores, memory 4.0 GiB, 512 threads");
        Files.delete(root.resolve("sys/fs/cgroup/memory.max"));
        Files.delete(root.resolve("sys/fs/cgroup/cpu.max"));
        Files.delete(root.resolve("sys/fs/cgroup/pids.max"));
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n");
        assertThat(found("container").value()).endsWith("limited to memory 512 MiB");
    }

    @Test
    void noLimitsAreToldAsThatWhateverTheSystemWrites() throws IOException {
        file("sys/fs/cgroup/cpu.max", "max 100000\n");
        file("sys/fs/cgroup/memory.max", "max\n");
        file("sys/fs/cgroup/pids.max", "max\n");
        assertThat(found("container").value()).endsWith("no limits");
        file("sys/fs/cgroup/memory.max", "9223372036854771712\n");
        assertThat(found("container").value()).endsWith("no limits");
        file("sys/fs/cgroup/cpu.max", "\n");
        file("sys/fs/cgroup/memory.max", "damaged");
        assertThat(found("container").value()).endsWith("no limits");
    }

    @Test
    void aProcessorWithoutVnniIsNoted() throws IOException {
        file("proc/cpuinfo", "model name\t: Old Xeon\nflags\t\t: fpu avx2 fma\n");
        assertThat(found("processor"))
                .satisfies(finding -> {
                    assertThat(finding.value()).contains("Old Xeon", "avx2 fma");
                    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.NOTE);
                });
        file("proc/cpuinfo", "model name\t: New\nflags\t\t: fpu avx2 avx512f avx512_vnni\n");
        assertThat(found("processor").verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void fewOpenFilesAreNoted() throws IOException {
        file(
                "proc/self/limits",
                "Max open files            256                  4096       files\n");
        assertThat(found("open files").advice()).contains("ulimit -n");
        file(
                "proc/self/limits",
                "Max open files            unlimited            4096       files\n");
        assertThat(found("open files").verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void aSystemThatHasNoneOfTheFilesIsTold() {
        assertThat(new Machine(root).look().findings()).hasSize(6);
    }
}
