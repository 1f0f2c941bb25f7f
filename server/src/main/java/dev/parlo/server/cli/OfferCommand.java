package dev.parlo.server.cli;

import dev.parlo.engine.ByteAmount;
import dev.parlo.server.cli.CommandOutput.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code parlo registry show}: one repository of the Hub before it is downloaded. */
@Command(
        name = "show",
        description =
                "Shows what a repository of the Hub holds: its models with the ids to type, the files"
                        + " that would be downloaded, and what is installed.",
        mixinStandardHelpOptions = true)
final class OfferCommand implements Runnable {
    private static final List<Column> FILES =
            List.of(
                    Column.of("FILE", "path"),
                    new Column("SIZE", file -> size(file, "size_bytes")));
    private static final List<Column> VARIANTS =
            List.of(
                    Column.of("ID", "id"),
                    new Column("SIZE", variant -> size(variant, "download_bytes")),
                    new Column("INSTALLED", variant -> installed(variant)));

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectionOptions connection;

    @Parameters(
            paramLabel = "MODEL",
            description = "Model id or alias: owner/name, or owner/name:variant.")
    private String model = "";

    OfferCommand(Map<String, String> environment) {
        connection = new ConnectionOptions(environment);
    }

    @Override
    public void run() {
        try (ModelSource source = connection.source()) {
            JsonNode found = source.offer(model);
            print(found, connection.output());
            PrintWriter err = spec.commandLine().getErr();
            CommandOutput.problems(found, err);
            err.flush();
        }
    }

    /** Prints what a repository holds. */
    static void print(JsonNode found, CommandOutput output) {
        if (output.json()) {
            output.document(found);
            return;
        }
        lines(found).forEach(output::line);
        if (!found.path("files").isEmpty()) {
            output.line("");
            output.list(found, found.path("files"), FILES);
        }
        if (found.path("variants").size() > 1) {
            output.line("");
            output.list(found, found.path("variants"), VARIANTS);
        }
        output.line("");
        output.line(next(found));
    }

    private static List<String> lines(JsonNode found) {
        List<String> lines = new ArrayList<>();
        lines.add("Id:        " + found.path("id").asString(""));
        lines.add("Task:      " + found.path("task").asString(""));
        lines.add("Format:    " + found.path("format").asString(""));
        String languages = Column.of("", "language").text().apply(found);
        lines.add("Languages: " + (languages.isEmpty() ? "not told" : languages));
        if (found.path("voices").size() > 0) {
            List<String> voices = new ArrayList<>();
            found.path("voices").forEach(voice -> voices.add(voice.path("id").asString("")));
            lines.add(
                    "Voices:    "
                            + String.join(", ", voices.subList(0, Math.min(8, voices.size())))
                            + (voices.size() > 8 ? ", … (" + voices.size() + ")" : ""));
        }
        lines.add("Licence:   " + found.path("license").asString("not told"));
        if (found.path("gated").asBoolean(false)) {
            lines.add("Gated:     its terms must be accepted on the Hub");
        }
        boolean here = found.path("installed").asBoolean(false);
        if (found.has("origin")) { // the Hub told nothing of it
            lines.add("Size:      " + size(found, "size_bytes"));
            lines.add("Installed: " + found.path("origin").asString("").replace('_', ' '));
        } else if (here || !found.path("files").isEmpty()) {
            lines.add("Download:  " + size(found, "download_bytes"));
            lines.add("Installed: " + installed(found));
        }
        return lines;
    }

    private static String next(JsonNode found) {
        String id = found.path("id").asString("");
        if (found.path("installed").asBoolean(false)) {
            return "It is installed: give " + id + " as the model.";
        }
        if (found.path("files").isEmpty()) {
            String first = found.path("variants").path(0).path("id").asString(id);
            return "It holds several models; name one of them: parlo model download " + first;
        }
        return "parlo model download " + id;
    }

    private static String installed(JsonNode model) {
        return model.path("installed").asBoolean(false) ? "yes" : "no";
    }

    private static String size(JsonNode of, String field) {
        return of.path(field).canConvertToLong()
                ? ByteAmount.text(of.path(field).asLong(0))
                : "not told";
    }
}
