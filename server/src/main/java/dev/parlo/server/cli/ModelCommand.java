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

/** {@code parlo model}: what is installed, installing and removing. */
@Command(name = "model", description = "Installed models.", mixinStandardHelpOptions = true)
final class ModelCommand implements Runnable {
    private static final List<Column> COLUMNS =
            List.of(
                    Column.of("ID", "id"),
                    Column.of("TASK", "task"),
                    Column.of("FORMAT", "format"),
                    Column.bytes("SIZE", "size_bytes"),
                    Column.of("ORIGIN", "origin"),
                    Column.of("LANGUAGE", "language"));

    @Spec private CommandSpec spec = CommandSpec.create();
    private final Map<String, String> environment;

    ModelCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static CommandLine commandLine(Map<String, String> environment) {
        ModelCommand command = new ModelCommand(environment);
        CommandLine line = new CommandLine(command);
        line.addSubcommand(command.new ListCommand());
        line.addSubcommand(command.new ShowCommand());
        line.addSubcommand(command.new DownloadCommand());
        line.addSubcommand(command.new RemoveCommand());
        line.addSubcommand(new SuggestCommand(environment));
        return line;
    }

    @Command(
            name = "ls",
            aliases = "list",
            description = "Lists installed models.",
            mixinStandardHelpOptions = true)
    final class ListCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Option(names = "--task", paramLabel = "TASK", description = "Only models of this task.")
        private @Nullable String task;

        @Override
        public void run() {
            try (ModelSource source = connection.source()) {
                JsonNode page = source.installed(task == null ? Map.of() : Map.of("task", task));
                connection.output().list(page, page.path("data"), COLUMNS);
            }
        }
    }

    @Command(
            name = "show",
            description = "Shows all that is known of an installed model.",
            mixinStandardHelpOptions = true)
    final class ShowCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Parameters(paramLabel = "MODEL", description = "Model id or alias.")
        private String model = "";

        @Override
        public void run() {
            try (ModelSource source = connection.source()) {
                connection.output().document(source.show(model));
            }
        }
    }

    @Command(
            name = "download",
            description = "Downloads a model; goes on where an earlier download stopped.",
            mixinStandardHelpOptions = true)
    final class DownloadCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Parameters(paramLabel = "MODEL", description = "Model id or alias.")
        private String model = "";

        @Override
        public void run() {
            String sentence;
            try (ModelSource source = connection.source();
                    DownloadBar bar = connection.downloadBar()) {
                sentence = source.download(model, bar::at);
            }
            connection.output().line(sentence);
        }
    }

    @Command(
            name = "rm",
            aliases = {"remove", "delete"},
            description = "Deletes a downloaded model.",
            mixinStandardHelpOptions = true)
    final class RemoveCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Parameters(paramLabel = "MODEL", description = "Model id or alias.")
        private String model = "";

        @Override
        public void run() {
            try (ModelSource source = connection.source()) {
                connection.output().line(source.delete(model));
            }
        }
    }
}
