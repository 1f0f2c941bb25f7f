package dev.parlo.server.device;

import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.onnx.GpuProbeProcess;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at this machine's GPUs at the start of a program. */
public final class GpuLookup {
    private GpuLookup() {}

    /**
     * What is known of the GPUs. Without GPU natives nothing native is touched: that is the case of
     * most machines, and a driver that is broken must not end a program that does not need it.
     */
    public static GpuReport look(GpuSettings settings) {
        Path natives = settings.natives();
        if (!Files.isDirectory(natives)) {
            return GpuReport.none(
                    "The GPU natives are not installed (PARLO_GPU_NATIVES; packaging/gpu-natives"
                            + " makes the folder).");
        }
        return GpuProbeProcess.report(natives, settings.cudaFolders());
    }

    /** The same, with the driver and the GPUs also where there are no GPU natives. */
    public static GpuReport lookAtAll(GpuSettings settings) {
        return GpuProbeProcess.report(settings.natives(), settings.cudaFolders());
    }
}
