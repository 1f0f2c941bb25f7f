package dev.parlo.server.device;

import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.onnx.GpuProbeProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks at this machine's GPUs at the start of a program. */
public final class GpuLookup {
    /** What every driver of NVIDIA's has: on Linux, and on Windows' subsystem for it. */
    private static final List<String> DEVICES = List.of("nvidiactl", "dxg");

    private GpuLookup() {}

    /**
     * What is known of the GPUs. Without GPU natives nothing native is touched: that is the case of
     * most machines, and a driver that is broken must not end a program that does not need it.
     */
    public static GpuReport look(GpuSettings settings) {
        return look(settings, Path.of("/dev"));
    }

    /**
     * @param devices the system's folder of devices
     */
    static GpuReport look(GpuSettings settings, Path devices) {
        Path natives = settings.natives();
        if (!Files.isDirectory(natives)) {
            return GpuReport.none(
                    "The GPU natives are not installed (PARLO_GPU_NATIVES; packaging/gpu-natives"
                            + " makes the folder).");
        }
        if (DEVICES.stream().noneMatch(name -> Files.exists(devices.resolve(name)))) {
            // An image has the natives wherever it runs: there is nothing to start a process for.
            return GpuReport.none(
                    natives.toString(),
                    "No NVIDIA GPU is visible here: there is no /dev/nvidiactl. Install a driver,"
                            + " and start a container with --gpus all.");
        }
        return GpuProbeProcess.report(natives, settings.cudaFolders());
    }

    /** The same, with the driver and the GPUs also where there are no GPU natives. */
    public static GpuReport lookAtAll(GpuSettings settings) {
        return GpuProbeProcess.report(settings.natives(), settings.cudaFolders());
    }
}
