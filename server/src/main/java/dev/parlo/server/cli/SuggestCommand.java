package dev.parlo.server.cli;

import dev.parlo.engine.ByteAmount;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code parlo model suggest}: a model by what it is for. */
@Command(
        name = "suggest",
        description = "Suggests models for a task that fit this machine.",
        mixinStandardHelpOptions = true)
final class SuggestCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectionOptions connection;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "automatic-speech-recognition (default), text-to-speech,"
                            + " voice-activity-detection, speaker-embedding or speaker-diarization.")
    private @Nullable String task;

    @Option(
            names = "--language",
            paramLabel = "LANGUAGE",
            description = "Of speech: de, deu, de-AT, German.")
    private @Nullable String language;

    @Option(
            names = "--memory",
            paramLabel = "AMOUNT",
            description =
                    "That a model may take: 2GB, 1.5GiB. Default: MODEL_MEMORY_BUDGET, half of the"
                            + " memory; where models are computed on a GPU, its memory.")
    private @Nullable String memory;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 5.")
    private @Nullable String limit;

    SuggestCommand(Map<String, String> environment) {
        connection = new ConnectionOptions(environment);
    }

    @Override
    public void run() {
        Map<String, String> fields = new TreeMap<>();
        put(fields, "task", task);
        put(fields, "language", language);
        put(fields, "memory", memory);
        put(fields, "limit", limit);
        try (ModelSource source = connection.source()) {
            JsonNode found = source.suggestions(fields);
            CommandOutput output = connection.output();
            if (output.json()) {
                output.document(found);
            } else {
                lines(found).forEach(output::line);
            }
            PrintWriter err = spec.commandLine().getErr();
            CommandOutput.problems(found, err);
            err.flush();
        }
    }

    private static void put(Map<String, String> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    /** The answer for a person. */
    static List<String> lines(JsonNode found) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Models for "
                        + text(found, "task")
                        + (found.has("language") ? " in '" + text(found, "language") + "'" : "")
                        + ", within "
                        + ByteAmount.text(found.path("memory_bytes").asLong(0))
                        + " ("
                        + text(found, "memory_source")
                        + "):");
        int number = 0;
        for (JsonNode model : found.path("data")) {
            lines.add("");
            lines.add(++number + ". " + described(model));
            lines.add("   " + text(model, "why"));
            model.path("commands").forEach(command -> lines.add("   $ " + command.asString("")));
        }
        if (found.has("advice")) {
            lines.add("");
            lines.add(text(found, "advice"));
        }
        if (!found.path("too_large").isEmpty()) {
            lines.add("");
            lines.add("Too large:");
            found.path("too_large").forEach(model -> lines.add("   " + described(model)));
        }
        if (!found.path("hub").asBoolean(true)) {
            lines.add("");
            lines.add("The Hub was not asked: these are the models on this machine.");
        }
        return lines;
    }

    private static String described(JsonNode model) {
        List<String> facts = new ArrayList<>();
        facts.add(
                model.path("installed").asBoolean(false)
                        ? "installed"
                        : ByteAmount.text(model.path("download_bytes").asLong(0)) + " to download");
        String type = text(model, "compute_type");
        facts.add(
                ByteAmount.text(model.path("memory_bytes").asLong(0))
                        + " in memory"
                        + (type.isEmpty() ? "" : " as " + type)
                        + " on "
                        + text(model, "device"));
        facts.add(model.has("license") ? "licence " + text(model, "license") : "licence not told");
        return text(model, "id") + " (" + String.join(", ", facts) + ")";
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
