package dev.parlo.server.doctor;

import dev.parlo.engine.device.GpuReport;
import dev.parlo.server.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Looks at everything that the program needs of this machine, by the program's own code. Nothing is
 * changed, downloaded or loaded that a start would not load. Not thread-safe.
 */
public final class Doctor {
    private final Settings settings;
    private final Path home;
    private final String version;
    private final Supplier<GpuReport> gpus;
    private final boolean network;

    /**
     * @param home the folder of the program
     * @param version of the program
     * @param gpus looks at the GPUs
     * @param network whether the Hub is asked
     */
    public Doctor(
            Settings settings,
            Path home,
            String version,
            Supplier<GpuReport> gpus,
            boolean network) {
        this.settings = settings;
        this.home = home;
        this.version = version;
        this.gpus = gpus;
        this.network = network;
    }

    public Report look() {
        List<Section> sections = new ArrayList<>();
        sections.add(program());
        sections.add(new Machine(Path.of("/")).look());
        sections.add(new Libraries(settings).look());
        sections.add(new Gpus(settings, gpus).look());
        sections.add(new Folders(settings).look());
        sections.add(new Models(settings, home).look());
        sections.add(new Network(settings, network).look());
        return Report.of(version, sections);
    }

    /** For settings that cannot be read at all. */
    public static Report unreadable(String version, String problem) {
        List<Finding> findings =
                problem.lines()
                        .map(line -> Finding.problem("settings", "cannot be used", line))
                        .toList();
        return Report.of(version, List.of(new Section("Settings", findings)));
    }

    private Section program() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("version", version));
        findings.add(Finding.ok("folder", home.toString()));
        settings.warnings()
                .forEach(warning -> findings.add(Finding.note("settings", "a warning", warning)));
        return new Section("Program", findings);
    }
}
