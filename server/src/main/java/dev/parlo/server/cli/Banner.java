package dev.parlo.server.cli;

import dev.parlo.server.Application;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the server says when it listens: where, with which models, on what, and a first request.
 *
 * @param device what runs the models, and why
 */
record Banner(Application application, Path home, String device) {
    void print(PrintWriter out) {
        List<String> models = application.transcriptionModels();
        out.println("Parlo " + ParloCommand.version() + " listens on " + application.url());
        out.println("Models: " + (models.isEmpty() ? "none" : String.join(", ", models)));
        out.println("Device: " + device);
        Optional<Path> sample = sample(home);
        if (!models.isEmpty() && sample.isPresent()) {
            out.println("Try it:");
            out.printf(
                    "  curl -s %s/v1/audio/transcriptions -F model=%s -F file=@%s%n",
                    application.url(), models.getFirst(), quoted(sample.get()));
        }
        out.flush();
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
