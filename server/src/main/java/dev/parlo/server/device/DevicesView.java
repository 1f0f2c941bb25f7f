package dev.parlo.server.device;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.engine.device.CudaLibrary;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.device.GpuReport.GpuState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The devices as probes and {@code /api/ps} answer them, without paths of this machine.
 *
 * @param gpus left out where there are none
 * @param cuda left out where GPUs were not looked for
 */
public record DevicesView(
        Family whisper,
        Family kokoro,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Gpu> gpus,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Cuda cuda) {

    /**
     * @param device {@code cpu}, {@code cuda:0} or {@code cuda:0,cuda:1}
     * @param reason why there
     */
    public record Family(String device, String reason) {}

    /**
     * @param reason why it is not used; left out where it can be
     */
    public record Gpu(
            int index,
            String name,
            String computeCapability,
            long memoryBytes,
            boolean usable,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    /**
     * @param driver the newest CUDA of the driver; empty where there is none
     * @param natives the CUDA that the natives are made for; empty where that is not known
     * @param reason why no GPU can be used; left out where one can
     */
    public record Cuda(
            String driver,
            String natives,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Library> libraries,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason) {}

    /**
     * @param version in its own words; empty where it is missing or does not tell
     */
    public record Library(String name, String version, boolean loaded) {}

    /** As they are now. */
    public static DevicesView of(Devices devices) {
        GpuReport report = devices.report();
        return new DevicesView(
                family(devices.whisper(), report),
                family(devices.kokoro(), report),
                report.gpus().stream().map(gpu -> gpu(gpu, devices)).toList(),
                report.natives().isEmpty() ? null : cuda(report));
    }

    private static Family family(DeviceChoice choice, GpuReport report) {
        return new Family(choice.label(), plain(choice.reason(), report));
    }

    private static Gpu gpu(GpuState gpu, Devices devices) {
        String lost = devices.health().lost().get(gpu.index());
        String reason =
                lost == null ? plain(gpu.problem(), devices.report()) : "It failed: " + lost;
        return new Gpu(
                gpu.index(),
                gpu.name(),
                gpu.capability(),
                gpu.memoryBytes(),
                reason.isEmpty() && devices.report().problem().isEmpty(),
                reason);
    }

    private static Cuda cuda(GpuReport report) {
        return new Cuda(
                report.driverCuda(),
                report.nativesCuda(),
                report.libraries().stream().map(DevicesView::library).toList(),
                plain(report.problem(), report));
    }

    private static Library library(CudaLibrary library) {
        return new Library(library.name(), library.version(), library.isLoaded());
    }

    private static String plain(String sentence, GpuReport report) {
        return report.natives().isEmpty()
                ? sentence
                : sentence.replace(report.natives(), "PARLO_GPU_NATIVES");
    }
}
