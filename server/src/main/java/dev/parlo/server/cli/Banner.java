package dev.parlo.server.cli;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.ModelTask;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The text printed when the server listens: where, with which models, on what, and first requests.
 *
 * @param installed what is installed, built-in ones first
 * @param device what runs the models, and why
 */
record Banner(URI url, Supplier<List<InstalledModel>> installed, Path home, String device) {
    void print(PrintWriter out) {
        out.println("Parlo " + ParloCommand.version() + " listens on " + url);
        // Whoever waits for this line need not wait for the list: finding a model may take a
        // moment.
        out.flush();
        List<InstalledModel> models = installed.get();
        out.println("Models: " + modelLine(models));
        out.println("Device: " + device);
        Optional<Path> sample = sample(home);
        Optional<InstalledModel> transcribing =
                first(models, ModelTask.AUTOMATIC_SPEECH_RECOGNITION);
        Optional<InstalledModel> speaking = first(models, ModelTask.TEXT_TO_SPEECH);
        List<String> requests = new ArrayList<>();
        if (transcribing.isPresent() && sample.isPresent()) {
            requests.add(
                    String.format(
                            Locale.ROOT,
                            "curl -s %s/v1/audio/transcriptions -F model=%s -F file=@%s",
                            url,
                            transcribing.get().id(),
                            quoted(sample.get())));
        }
        speaking.ifPresent(model ->
                requests.add(
                        String.format(
                                Locale.ROOT,
                                "curl -s %s/v1/audio/speech -H 'Content-Type: application/json' -d '{\"model\": \"%s\", \"input\": \"Hello.\"}' -o hello.mp3",
                                url,
                                model.id())));
        if (!requests.isEmpty()) {
            out.println("Try it:");
            requests.forEach(request -> out.println("  " + request));
        }
        out.flush();
    }

    /** The built-in models by name, the others by number: a cache may hold many. */
    private String modelLine(List<InstalledModel> models) {
        List<String> parts = new ArrayList<>();
        for (InstalledModel model : models) {
            if (model.origin() == Origin.BUILT_IN) {
                parts.add(model.id() + " (" + model.task() + ", built in)");
            }
        }
        int others = models.size() - parts.size();
        if (others > 0) {
            parts.add(others + " more, see " + url + "/v1/models");
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }

    private static Optional<InstalledModel> first(List<InstalledModel> models, ModelTask task) {
        return models.stream().filter(model -> model.task() == task).findFirst();
    }

    /** The first recording that came with the program. */
    static Optional<Path> sample(Path home) {
        Path samples = home.resolve("samples");
        if (!Files.isDirectory(samples)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(samples)) {
            return files.filter(file -> file.toString().endsWith(".flac")).sorted().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w/.:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
