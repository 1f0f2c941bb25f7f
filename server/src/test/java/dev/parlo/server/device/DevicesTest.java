package dev.parlo.server.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Placement;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.device.GpuReport.GpuState;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsException;
import dev.parlo.server.SettingsLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("locale")
class DevicesTest {
    private static final GpuReport NO_DRIVER = GpuReport.none("There is no NVIDIA driver.");
    private static final GpuReport TWO =
            new GpuReport(
                    "/gpu",
                    "12",
                    "12.8",
                    List.of(
                            new GpuState(0, "NVIDIA L4", "8.9", 58, 24L << 30, ""),
                            new GpuState(1, "NVIDIA B200", "10.0", 148, 180L << 30, "no code")),
                    List.of(),
                    "",
                    "");

    private static Settings settings(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return SettingsLoader.load(environment, Map.of(), Path.of("/opt/parlo"));
    }

    @Test
    void autoTakesTheGpuWhereOneCanBeUsed() {
        DeviceChoice kokoro = Devices.choose(settings(), () -> TWO).kokoro();
        assertThat(kokoro.gpus()).containsExactly(new Placement.Cuda(0));
        assertThat(kokoro.label()).isEqualTo("cuda:0");
    }

    @Test
    void autoTakesTheProcessorOtherwiseAndSaysWhy() {
        Devices devices = Devices.choose(settings(), () -> NO_DRIVER);
        assertThat(devices.anyGpu()).isFalse();
        assertThat(devices.kokoro().label()).isEqualTo("cpu");
        assertThat(devices.kokoro().reason()).isEqualTo("There is no NVIDIA driver.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHISPER__INFERENCE_DEVICE", "KOKORO__INFERENCE_DEVICE"})
    void cudaThatCannotBeUsedEndsTheStartWithTheReason(String variable) {
        assertThatThrownBy(() -> Devices.choose(settings(variable, "cuda"), () -> NO_DRIVER))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(variable + ": got cuda, which cannot be used:")
                .hasMessageContaining("Accepted: auto, which takes the processor then, or cpu.");
    }

    @Test
    void withoutConvolutionsWhisperIsOnTheGpuAndKokoroIsNot() {
        GpuReport report =
                new GpuReport(
                        "/gpu", "12", "12.8", TWO.gpus(), List.of(), "", "libcudnn is missing");
        Devices devices = Devices.choose(settings(), () -> report);
        assertThat(devices.whisper().label()).isEqualTo("cuda:0");
        assertThat(devices.kokoro().label()).isEqualTo("cpu");
        assertThat(devices.kokoro().reason()).isEqualTo("libcudnn is missing");
    }

    @Test
    void everyGpuOfAListHasToBeUsableWhereCudaIsAskedFor() {
        String[] both = {"KOKORO__INFERENCE_DEVICE", "cuda", "KOKORO__DEVICE_INDEX", "[0, 1, 2]"};
        assertThatThrownBy(() -> Devices.choose(settings(both), () -> TWO))
                .hasMessageContaining("no code")
                .hasMessageContaining(
                        "There is no GPU 2; there are 0 (NVIDIA L4), 1 (NVIDIA B200)");
    }

    @Test
    void autoTakesThoseOfAListThatCanBeUsed() {
        Devices devices = Devices.choose(settings("KOKORO__DEVICE_INDEX", "[1, 0]"), () -> TWO);
        assertThat(devices.kokoro().label()).isEqualTo("cuda:0");
    }

    @Test
    void nobodyLooksAtTheGpusWhereEveryFamilyIsOnTheProcessor() {
        Devices devices =
                Devices.choose(
                        settings(
                                "WHISPER__INFERENCE_DEVICE",
                                "cpu",
                                "KOKORO__INFERENCE_DEVICE",
                                "cpu"),
                        () -> {
                            throw new IllegalStateException("looked");
                        });
        assertThat(devices.whisper().reason()).isEqualTo("as set");
    }
}
