package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.device.GpuReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A driver that ends the process which loads it, or never answers, is a report like any other. */
@Timeout(400)
class GpuProbeProcessTest {
    @TempDir Path natives;

    private GpuReport shell(String script, int seconds) {
        return GpuProbeProcess.report(List.of("sh", "-c", script), natives, seconds);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aProcessThatCrashesIsAReport() {
        GpuReport report = shell("kill -SEGV $$", 120);
        assertThat(report.hasUsable()).isFalse();
        assertThat(report.problem()).contains("ended a process of its own", "nvidia-smi");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aProcessThatHangsIsAReport() {
        assertThat(shell("exec sleep 100", 1).problem()).contains("longer than 1 s");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void whatIsNoReportIsOne() {
        assertThat(shell("echo 'gpu-report {'", 120).problem()).contains("ended a process");
        assertThat(shell("echo hello", 120).problem()).contains("ended a process");
    }

    @Test
    void aProgramThatIsNotThereIsAReport() {
        assertThat(GpuProbeProcess.report(List.of("/nope/java"), natives, 5).problem())
                .contains("cannot be looked at");
    }

    @Test
    void theProcessItselfReportsAFolderWithoutNatives() {
        GpuReport report = GpuProbeProcess.report(natives, List.of());
        assertThat(report.problem()).contains("GPU natives are not installed", natives.toString());
        assertThat(report.natives()).isEqualTo(natives.toString());
    }
}
