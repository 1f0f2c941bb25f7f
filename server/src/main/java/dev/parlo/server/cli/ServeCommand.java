package dev.parlo.server.cli;

import dev.parlo.server.Application;
import dev.parlo.server.ProgramHome;
import dev.parlo.server.Setting;
import dev.parlo.server.Settings;
import dev.parlo.server.SettingsLoader;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parlo serve}: runs the server until it is told to stop. */
@Command(
        name = "serve",
        description = "Serves the OpenAI audio API.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false,
        footer = {
            "",
            "Each flag has an environment variable, named in brackets; the flag wins.",
        })
final class ServeCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Wiring wiring;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--exit-after-start",
            hidden = true,
            description = "Starts, answers one request of its own and ends, for warming up.")
    private boolean exitAfterStart;

    private ServeCommand(Map<String, String> environment, Wiring wiring) {
        this.environment = environment;
        this.wiring = wiring;
    }

    static CommandLine commandLine(Map<String, String> environment, Wiring wiring) {
        CommandLine line = new CommandLine(new ServeCommand(environment, wiring));
        for (Setting setting : Setting.values()) {
            String shown = setting.defaultText().isEmpty() ? "none" : setting.defaultText();
            line.getCommandSpec()
                    .addOption(
                            OptionSpec.builder(setting.flag())
                                    .type(String.class)
                                    .paramLabel(setting.type().label())
                                    .description(
                                            setting.description().replace("%", "%%"),
                                            "[" + setting.variable() + ", default: " + shown + "]")
                                    .build());
        }
        return line;
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = SettingsLoader.load(environment, flags(), ProgramHome.find());
        LogSettings.apply(settings.logging());
        Logger log = LoggerFactory.getLogger(ServeCommand.class);
        settings.warnings().forEach(log::warn);
        NativeFiles.keep(settings);
        Path home = ProgramHome.find();
        StopSignal stop = new StopSignal(Thread.currentThread());
        if (!exitAfterStart) {
            // Before the start: it may take long, with PRELOAD_STRICT.
            Signals.onStop(stop::ask);
        }
        Application application;
        try {
            application =
                    Application.start(
                            settings,
                            home,
                            wiring.speechToText().apply(settings),
                            wiring.audio().apply(settings));
        } catch (RuntimeException failure) {
            if (stop.isAsked()) { // the signal interrupted the start, which closed all
                log.info("Stopped.");
                return 0;
            }
            throw failure;
        }
        if (exitAfterStart) {
            WarmUp.run(application, home);
            application.close();
            return 0;
        }
        new Banner(
                        URI.create(application.url()),
                        application.installedModels(),
                        home,
                        wiring.device().apply(settings))
                .print(spec.commandLine().getOut());
        stop.started();
        stop.await();
        log.info("Stopping; running requests may finish.");
        application.close();
        log.info("Stopped.");
        if (application.stillComputing()) {
            Runtime.getRuntime().halt(0);
        }
        return 0;
    }

    private Map<Setting, String> flags() {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        CommandLine.ParseResult given = spec.commandLine().getParseResult();
        for (Setting setting : Setting.values()) {
            if (given.hasMatchedOption(setting.flag())) {
                flags.put(setting, given.matchedOptionValue(setting.flag(), ""));
            }
        }
        return flags;
    }
}
