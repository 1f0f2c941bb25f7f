package dev.parlo.server.cli;

import dev.parlo.server.cli.CommandOutput.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code parlo ps}: which models a server has in memory. */
@Command(name = "ps", description = "Models in a server's memory.", mixinStandardHelpOptions = true)
final class PsCommand implements Runnable {
    private static final List<Column> COLUMNS =
            List.of(
                    Column.of("ID", "id"),
                    Column.of("STATE", "state"),
                    Column.bytes("SIZE", "size_bytes"),
                    Column.of("DEVICE", "device"),
                    Column.of("TYPE", "compute_type"),
                    Column.of("USERS", "leases"),
                    Column.of("PINNED", "pinned"),
                    Column.of("EXPIRES", "expires_at"));

    @Spec private CommandSpec spec = CommandSpec.create();
    private final Map<String, String> environment;

    PsCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static CommandLine commandLine(Map<String, String> environment) {
        PsCommand command = new PsCommand(environment);
        CommandLine line = new CommandLine(command);
        line.addSubcommand(command.new ListCommand());
        line.addSubcommand(command.new LoadCommand());
        line.addSubcommand(command.new UnloadCommand());
        return line;
    }

    @Command(
            name = "ls",
            aliases = "list",
            description = "Lists models in memory.",
            mixinStandardHelpOptions = true)
    final class ListCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Override
        public void run() {
            try (ServerModels server = connection.server()) {
                JsonNode page = server.running();
                connection.output().list(page, page.path("details"), COLUMNS);
            }
        }
    }

    @Command(name = "load", description = "Loads a model.", mixinStandardHelpOptions = true)
    final class LoadCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Parameters(paramLabel = "MODEL", description = "Model id or alias.")
        private String model = "";

        @Option(
                names = "--keep-alive",
                paramLabel = "TIME",
                description = "How long it stays when unused: seconds, 5m, 0 or -1.")
        private @Nullable String keepAlive;

        @Option(
                names = "--pin",
                description = "Neither expires nor makes room for others until it is unloaded.")
        private boolean pin;

        @Override
        public void run() {
            try (ServerModels server = connection.server()) {
                connection.output().line(server.load(model, keepAlive, pin));
            }
        }
    }

    @Command(name = "unload", description = "Unloads a model.", mixinStandardHelpOptions = true)
    final class UnloadCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Parameters(paramLabel = "MODEL", description = "Model id or alias.")
        private String model = "";

        @Override
        public void run() {
            try (ServerModels server = connection.server()) {
                connection.output().line(server.unload(model));
            }
        }
    }
}
