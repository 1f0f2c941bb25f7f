package dev.parlo.server.suggestion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Placement;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.device.GpuReport.GpuState;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelFiles;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.Devices;
import dev.parlo.server.models.MemoryEstimate;
import dev.parlo.server.transcription.ComputeChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {
    private static final Settings SETTINGS =
            SettingsLoader.load(
                    Map.of("MODEL_MEMORY_BUDGET", "1000"), Map.of(), Path.of("").toAbsolutePath());

    private static final DeviceChoice PROCESSOR = new DeviceChoice(List.of(), "as set");

    private static Devices onGpus() {
        GpuReport report =
                new GpuReport(
                        "",
                        "",
                        "",
                        List.of(
                                new GpuState(0, "large", "9.0", 100, 24L << 30, ""),
                                new GpuState(1, "small", "8.6", 40, 8L << 30, "")),
                        List.of(),
                        "",
                        "");
        Devices cpu = Devices.onCpu();
        DeviceChoice both =
                new DeviceChoice(List.of(new Placement.Cuda(0), new Placement.Cuda(1)), "as set");
        return new Devices(report, cpu.health(), both, PROCESSOR, cpu.gpus());
    }

    /** A model is loaded on each GPU that its family uses. */
    @Test
    void aModelOnGpusHasTheMemoryOfTheSmallestAndAnotherThatOfTheProcess() {
        Devices devices = onGpus();
        Room room = Room.of(SETTINGS.models(), devices);
        Room.Limit whisper = room.of(ModelFamily.WHISPER_CT2, true, OptionalLong.empty());
        assertThat(whisper.bytes()).isEqualTo(8L << 30);
        assertThat(whisper.source()).contains("cuda:0,cuda:1");
        assertThat(room.of(ModelFamily.PIPER, false, OptionalLong.empty()))
                .isEqualTo(new Room.Limit(1000, "MODEL_MEMORY_BUDGET"));
        assertThat(room.of(ModelFamily.WHISPER_CT2, true, OptionalLong.of(5)).bytes()).isEqualTo(5);
        MemoryEstimate estimate = ComputeChoice.memory(SETTINGS.whisper(), devices);
        ModelFiles files =
                new ModelFiles(
                        ModelFamily.WHISPER_CT2,
                        new TreeMap<>(Map.of("model.bin", 4000L)),
                        OptionalDouble.of(32));
        assertThat(estimate.of(files).gpu()).isTrue();
        assertThat(estimate.of(files).bytes()).isEqualTo(2000); // float16
    }

    @ParameterizedTest
    @CsvSource({
        "2GB, 2000000000",
        "1.5 GiB, 1610612736",
        "800m, 838860800",
        "1MB, 1000000",
        "12345, 12345",
        "3T, 3298534883328",
        "5B, 5",
        "'2,5GB', -1",
        "GB, -1",
        "1ib, -1",
        "0.0001, -1",
        "1e3, -1",
        "٣GB, -1",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, -1",
        "9999999999T, -1"
    })
    void anAmountOfMemoryIsReadAsPeopleWriteIt(String text, long bytes) {
        assertThat(MemoryAmount.parse(text).orElse(-1)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "German, de",
        "de-AT, de",
        "deu, de",
        "nb, no",
        "jv, jw",
        "Esperanto, eo",
        "epo, eo",
        "zh_TW, zh",
        "klingon, ''",
        "de-, de",
        "'', ''",
        "x, ''"
    })
    void aLanguageHasOneCodeHoweverItIsNamed(String name, String code) {
        assertThat(Languages.code(name).orElse("")).isEqualTo(code);
    }
}
