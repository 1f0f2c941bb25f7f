package dev.parlo.server.cli;

import dev.parlo.server.cli.CommandOutput.Column;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code parlo registry}: which models the Hub has. */
@Command(
        name = "registry",
        description = "Models that can be downloaded.",
        mixinStandardHelpOptions = true)
final class RegistryCommand implements Runnable {
    private static final List<Column> COLUMNS =
            List.of(
                    Column.of("ID", "id"),
                    Column.of("TASK", "task"),
                    Column.of("FORMAT", "format"),
                    Column.of("DOWNLOADS", "downloads"),
                    Column.of("LANGUAGE", "language"));

    @Spec private CommandSpec spec = CommandSpec.create();
    private final Map<String, String> environment;

    RegistryCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static CommandLine commandLine(Map<String, String> environment) {
        RegistryCommand command = new RegistryCommand(environment);
        CommandLine line = new CommandLine(command);
        line.addSubcommand(command.new ListCommand());
        line.addSubcommand(new OfferCommand(environment));
        return line;
    }

    @Command(
            name = "ls",
            aliases = "list",
            description = "Lists the Hub's models.",
            mixinStandardHelpOptions = true)
    final class ListCommand implements Runnable {
        @Mixin private ConnectionOptions connection = new ConnectionOptions(environment);

        @Option(names = "--task", paramLabel = "TASK", description = "Only models of this task.")
        private @Nullable String task;

        @Option(names = "--query", paramLabel = "TEXT", description = "Part of the id.")
        private @Nullable String query;

        @Option(
                names = "--language",
                paramLabel = "CODE",
                description = "Only models for this language: de, de-AT.")
        private @Nullable String language;

        @Option(
                names = "--sort",
                paramLabel = "ORDER",
                description = "trending, downloads, likes, created or id.")
        private @Nullable String sort;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
        private @Nullable Integer limit;

        @Override
        public void run() {
            Map<String, String> fields = new TreeMap<>();
            put(fields, "task", task);
            put(fields, "q", query);
            put(fields, "language", language);
            put(fields, "sort", sort);
            put(fields, "limit", limit);
            try (ModelSource source = connection.source()) {
                JsonNode page = source.registry(fields);
                connection.output().list(page, page.path("data"), COLUMNS);
                // A list that is not whole must not look as if it were.
                PrintWriter err = spec.commandLine().getErr();
                CommandOutput.problems(page, err);
                if (page.path("stale").asBoolean(false)) {
                    err.println("parlo: part of this list is an older answer of the Hub's.");
                }
                err.flush();
            }
        }

        private static void put(Map<String, String> fields, String name, @Nullable Object value) {
            if (value != null) {
                fields.put(name, value.toString());
            }
        }
    }
}
