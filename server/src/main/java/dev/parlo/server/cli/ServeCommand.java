package dev.parlo.server.cli;

import dev.parlo.server.Setting;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
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
        return new ServerRun(environment, wiring, spec.commandLine().getOut())
                .run(flags(), exitAfterStart);
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
