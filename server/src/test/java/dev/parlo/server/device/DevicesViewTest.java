package dev.parlo.server.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Placement;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.device.CudaLibrary;
import dev.parlo.engine.device.GpuHealth;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.device.GpuReport.GpuState;
import dev.parlo.server.http.Json;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("locale")
class DevicesViewTest {
    @Test
    void whatComputesIsToldWithWhatItNeedsAndWithoutPaths() {
        GpuReport report =
                new GpuReport(
                        "/home/somebody/gpu",
                        "12",
                        "12.8",
                        List.of(new GpuState(0, "NVIDIA L4", "8.9", 58, 24L << 30, "")),
                        List.of(new CudaLibrary("libcudnn.so.9", "9.10", "/secret/libcudnn", "")),
                        "",
                        "");
        Devices devices =
                new Devices(
                        report,
                        new GpuHealth(),
                        DeviceChoice.cpu("libx is missing in /home/somebody/gpu."),
                        new DeviceChoice(List.of(new Placement.Cuda(0)), "as set"),
                        Gpus.none());
        assertThat(Json.text(DevicesView.of(devices)))
                .isEqualTo(
                        "{\"whisper\":{\"device\":\"cpu\",\"reason\":\"libx is missing in"
                                + " PARLO_GPU_NATIVES.\"},"
                                + "\"kokoro\":{\"device\":\"cuda:0\",\"reason\":\"as set\"},"
                                + "\"gpus\":[{\"index\":0,\"name\":\"NVIDIA L4\","
                                + "\"compute_capability\":\"8.9\",\"memory_bytes\":25769803776,"
                                + "\"usable\":true}],"
                                + "\"cuda\":{\"driver\":\"12.8\",\"natives\":\"12\",\"libraries\":"
                                + "[{\"name\":\"libcudnn.so.9\",\"version\":\"9.10\","
                                + "\"loaded\":true}]}}");
        assertThat(devices.outOfOrder()).isEmpty();
    }
}
