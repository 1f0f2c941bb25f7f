package dev.parlo.server.cli;

import dev.parlo.server.ProgramHome;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsException;
import dev.parlo.server.SettingsLoader;
import dev.parlo.server.device.GpuLookup;
import dev.parlo.server.doctor.Doctor;
import dev.parlo.server.doctor.Finding;
import dev.parlo.server.doctor.Report;
import dev.parlo.server.doctor.Section;
import dev.parlo.server.http.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parlo doctor}: what of this machine works, what does not, and what to do. */
@Command(
        name = "doctor",
        description =
                "Looks at what Parlo needs of this machine; exit status 1 where something"
                        + " does not work.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final int NAME_WIDTH = 30;

    private final Map<String, String> environment;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "JSON instead of text.")
    private boolean json;

    @Option(names = "--network", description = "Also asks the Hub, for at most 10 seconds.")
    private boolean network;

    private DoctorCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new DoctorCommand(environment));
    }

    @Override
    public Integer call() {
        LogSettings.quiet();
        Report report = report();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            new CommandOutput(out, true).document(Json.mapper().valueToTree(report));
        } else {
            print(report, out);
        }
        return report.ok() ? 0 : ParloCommand.FAILED;
    }

    private Report report() {
        Path home = ProgramHome.find();
        Settings settings;
        try {
            settings = SettingsLoader.load(environment, Map.of(), home);
        } catch (SettingsException unusable) {
            return Doctor.unreadable(ParloCommand.version(), String.valueOf(unusable.getMessage()));
        }
        NativeFiles.keep(settings);
        return new Doctor(
                        settings,
                        home,
                        ParloCommand.version(),
                        () -> GpuLookup.lookAtAll(settings.gpu()),
                        network)
                .look();
    }

    private static void print(Report report, PrintWriter out) {
        for (Section section : report.sections()) {
            out.println(section.title());
            for (Finding finding : section.findings()) {
                String mark =
                        switch (finding.verdict()) {
                            case OK -> "  ";
                            case NOTE -> "- ";
                            case PROBLEM -> "! ";
                        };
                out.printf(
                        Locale.ROOT,
                        "  %s%-" + NAME_WIDTH + "s %s%n",
                        mark,
                        finding.name(),
                        finding.value());
                finding.advice()
                        .lines()
                        .forEach(line -> out.println("    " + " ".repeat(NAME_WIDTH + 1) + line));
            }
        }
        out.println(report.ok() ? "Everything works." : "What is marked with ! does not work.");
        out.flush();
    }
}
