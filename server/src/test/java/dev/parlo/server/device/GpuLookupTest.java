package dev.parlo.server.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.device.GpuReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("locale")
@Timeout(180)
class GpuLookupTest {
    @TempDir Path folder;

    @Test
    void nothingIsStartedWhereNothingIsInstalled() {
        GpuReport report =
                GpuLookup.look(new GpuSettings(folder.resolve("gpu"), List.of()), folder);
        assertThat(report.problem()).contains("not installed", "PARLO_GPU_NATIVES");
        assertThat(report.natives()).isEmpty();
    }

    @Test
    void nothingIsStartedWhereThereIsNoDevice() throws IOException {
        Path natives = Files.createDirectory(folder.resolve("gpu"));
        GpuReport report = GpuLookup.look(new GpuSettings(natives, List.of()), folder);
        assertThat(report.problem()).contains("No NVIDIA GPU is visible", "--gpus all");
    }

    @Test
    void aDeviceIsLookedAt() throws IOException {
        Path natives = Files.createDirectory(folder.resolve("gpu"));
        Files.createFile(folder.resolve("nvidiactl"));
        GpuReport report = GpuLookup.look(new GpuSettings(natives, List.of()), folder);
        assertThat(report.problem()).contains("libonnxruntime.so is missing");
    }
}
