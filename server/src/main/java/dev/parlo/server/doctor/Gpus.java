package dev.parlo.server.doctor;

import dev.parlo.engine.ByteAmount;
import dev.parlo.engine.device.CudaLibrary;
import dev.parlo.engine.device.GpuReport;
import dev.parlo.engine.device.GpuReport.GpuState;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsException;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.DeviceSetting.Choice;
import dev.parlo.server.device.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The driver, the GPUs, CUDA's libraries, and what models would be computed on. */
record Gpus(Settings settings, Supplier<GpuReport> probe) {
    Section look() {
        GpuReport report = probe.get();
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.ok(
                        "driver",
                        report.driverCuda().isEmpty()
                                ? "none that can be used"
                                : "supports CUDA " + report.driverCuda()));
        for (GpuState gpu : report.gpus()) {
            findings.add(gpu(gpu));
        }
        findings.add(
                Finding.ok(
                        "GPU natives",
                        report.natives().isEmpty()
                                ? "none"
                                : report.natives()
                                        + (report.nativesCuda().isEmpty()
                                                ? ""
                                                : ", for CUDA " + report.nativesCuda())));
        for (CudaLibrary library : report.libraries()) {
            findings.add(
                    library.isLoaded()
                            ? Finding.ok(library.name(), library.version() + " " + library.file())
                            : Finding.note(library.name(), "missing", library.problem()));
        }
        if (!report.problem().isEmpty()) {
            findings.add(Finding.note("GPUs", "none can be used", report.problem()));
        }
        if (!report.noConvolutions().isEmpty()) {
            findings.add(Finding.note("convolutions", "none on GPUs", report.noConvolutions()));
        }
        choices(report, findings);
        return new Section("GPUs", findings);
    }

    private static Finding gpu(GpuState gpu) {
        String name = "GPU " + gpu.index();
        String found =
                gpu.name()
                        + ", "
                        + ByteAmount.text(gpu.memoryBytes())
                        + ", compute capability "
                        + gpu.capability()
                        + ", "
                        + gpu.multiprocessors()
                        + " multiprocessors";
        return gpu.isUsable() ? Finding.ok(name, found) : Finding.note(name, found, gpu.problem());
    }

    private void choices(GpuReport report, List<Finding> findings) {
        try {
            Devices devices = Devices.choose(settings, () -> report);
            String said = report.problem();
            findings.add(
                    choice(
                            "Whisper",
                            settings.whisper().device().choice(),
                            devices.whisper(),
                            said));
            findings.add(
                    choice(
                            "Kokoro",
                            settings.speech().kokoroDevice().choice(),
                            devices.kokoro(),
                            said));
        } catch (SettingsException refused) {
            findings.add(
                    Finding.problem(
                            "devices",
                            "what is set cannot be used",
                            String.valueOf(refused.getMessage())));
        }
        findings.add(Finding.ok("voice activity", "computed on cpu, always"));
    }

    /**
     * @param said what stands above already: why no GPU can be used
     */
    private static Finding choice(String name, Choice asked, DeviceChoice chosen, String said) {
        String where = "computed on " + chosen.label();
        if (asked == Choice.CPU || chosen.onGpu()) {
            return Finding.ok(name, where + ", " + chosen.reason());
        }
        return chosen.reason().equals(said)
                ? Finding.ok(name, where + ", as no GPU can be used")
                : new Finding(name, where, Finding.Verdict.OK, chosen.reason());
    }
}
