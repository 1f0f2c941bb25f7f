package dev.parlo.benchmarks.cuda;

import dev.parlo.engine.cuda.Gpu;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.device.CudaLibrary;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.onnx.GpuProbeProcess;
import dev.parlo.engine.onnx.OnnxEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** G0: the natives load, and what they found: driver, GPUs, CUDA's libraries, a convolution. */
final class FoundCheck implements Check {
    private final Path natives;
    private final List<Path> cudaFolders;

    FoundCheck(Path natives, List<Path> cudaFolders) {
        this.natives = natives;
        this.cudaFolders = cudaFolders;
    }

    @Override
    public void run(Bench bench, Findings findings) {
        GpuReport report = GpuProbeProcess.report(natives, cudaFolders);
        findings.tell("Java", Runtime.version());
        findings.tell("ONNX Runtime", OnnxEnvironment.label());
        findings.tell("driver's CUDA", report.driverCuda());
        findings.tell("natives' CUDA", report.nativesCuda());
        report.gpus()
                .forEach(gpu ->
                        findings.tell(
                                "GPU " + gpu.index(),
                                String.format(
                                        Locale.ROOT,
                                        "%s, %s, %d multiprocessors, %.1f GiB %s",
                                        gpu.name(),
                                        gpu.capability(),
                                        gpu.multiprocessors(),
                                        gpu.memoryBytes() / (double) (1L << 30),
                                        gpu.problem())));
        for (CudaLibrary library : report.libraries()) {
            findings.tell(
                    library.name(),
                    library.isLoaded()
                            ? library.version() + " " + library.file()
                            : library.problem());
        }
        if (bench.rehearsal()) {
            findings.tell("usable", "not asked in a rehearsal: " + report.problem());
        } else {
            findings.require("usable", report.problem(), "nothing missing", report.hasUsable());
        }
        try (Gpus gpus = bench.gpus()) {
            Gpu gpu = gpus.get(0);
            findings.tell("memory free, MiB", gpu.freeBytes() >> 20);
        }
    }
}
