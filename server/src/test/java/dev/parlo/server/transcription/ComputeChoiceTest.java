package dev.parlo.server.transcription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Placement;
import dev.parlo.server.Settings;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.DeviceSetting;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("locale")
class ComputeChoiceTest {
    private static final DeviceChoice CPU = new DeviceChoice(List.of(), "as set");
    private static final DeviceChoice GPU =
            new DeviceChoice(List.of(new Placement.Cuda(0)), "as set");

    private static Settings.Whisper whisper(String type) {
        return new Settings.Whisper(
                new DeviceSetting(DeviceSetting.Choice.AUTO, List.of(0)), type, 0, 0, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "int8_float32, int8, float32",
        "int8_float16, int8, float16",
        "int8_bfloat16, int8, float16",
        "int16, float32, float32",
        "bfloat16, float32, float16",
        "float16, float32, float16",
        "int8, int8, float16",
        "float32, float32, float32",
        "auto, int8, float16"
    })
    void aComputeTypeOfSpeachesIsTheNearestOfTheDeviceWithOneWarning(
            String given, String onCpu, String onGpu) {
        for (DeviceChoice device : List.of(CPU, GPU)) {
            String used = device.onGpu() ? onGpu : onCpu;
            assertThat(
                            ComputeChoice.of(whisper(given), device, Path.of("/none"))
                                    .name()
                                    .toLowerCase(Locale.ROOT))
                    .isEqualTo(used);
            boolean told = given.equals("auto") || given.equals(used);
            if (told) {
                assertThat(ComputeChoice.warning(whisper(given), device)).isEmpty();
            } else {
                assertThat(ComputeChoice.warning(whisper(given), device).orElse(""))
                        .contains("WHISPER__COMPUTE_TYPE", given, used, device.label());
            }
        }
    }
}
