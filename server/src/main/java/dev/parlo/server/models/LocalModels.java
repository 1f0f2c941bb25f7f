package dev.parlo.server.models;

import dev.parlo.engine.SpeechToText;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.transcription.SpeechToTextModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The models in folders laid out as {@code <owner>/<name>}: those that came with the program and
 * the user's own. An engine is loaded once and stays. Thread-safe.
 */
public final class LocalModels implements SpeechToTextModels, AutoCloseable {
    private static final Pattern ID =
            Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");
    private static final TypeReference<Map<String, String>> ALIASES = new TypeReference<>() {};

    /** A model on disk. */
    public record LocalModel(String id, Path directory, long createdSeconds) {}

    private final List<Path> roots;
    private final Path aliasFile;
    private final SpeechToTextLoader loader;
    private final Map<String, SpeechToText> engines = new HashMap<>();

    /**
     * @param roots earlier ones win
     * @param aliasFile a JSON object of names to ids; may be absent
     */
    public LocalModels(List<Path> roots, Path aliasFile, SpeechToTextLoader loader) {
        this.roots = List.copyOf(roots);
        this.aliasFile = aliasFile;
        this.loader = loader;
    }

    /** All transcription models, by id. */
    public List<LocalModel> list() {
        List<LocalModel> all = new ArrayList<>();
        for (Path root : roots) {
            for (Path owner : children(root)) {
                for (Path name : children(owner)) {
                    find(owner.getFileName() + "/" + name.getFileName())
                            .filter(model -> model.directory().equals(name))
                            .ifPresent(all::add);
                }
            }
        }
        return all;
    }

    /** A model by id or alias. */
    public Optional<LocalModel> resolve(String name) {
        return find(aliases().getOrDefault(name, name));
    }

    @Override
    public Lease lease(String name) {
        LocalModel model =
                resolve(name).orElseThrow(() -> notInstalled(aliases().getOrDefault(name, name)));
        return new SharedLease(model.id(), engine(model));
    }

    /** The error of a model that is not here. */
    public static ApiError notInstalled(String id) {
        return ApiError.of(
                        404,
                        "Model '%s' is not installed locally. You can download the model using `POST /v1/models`"
                                .formatted(id),
                        "model_not_found")
                .withParam("model");
    }

    private synchronized SpeechToText engine(LocalModel model) {
        return engines.computeIfAbsent(model.id(), id -> loader.load(model.directory()));
    }

    private Optional<LocalModel> find(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        for (Path root : roots) {
            Path weights = root.resolve(id).resolve("model.bin");
            if (Files.isRegularFile(weights)) {
                return Optional.of(new LocalModel(id, root.resolve(id), modified(weights)));
            }
        }
        return Optional.empty();
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis() / 1000;
        } catch (IOException e) {
            return 0;
        }
    }

    private Map<String, String> aliases() {
        if (!Files.isRegularFile(aliasFile)) {
            return Map.of();
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(aliasFile), ALIASES);
        } catch (IOException | JacksonException e) {
            throw ApiError.of(500, "The alias file " + aliasFile.getFileName() + " is not valid.")
                    .withCause(e);
        }
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public synchronized void close() {
        engines.values().forEach(SpeechToText::close);
        engines.clear();
    }

    /** The engine stays after it. */
    private record SharedLease(String modelId, SpeechToText engine) implements Lease {
        @Override
        public void close() {}
    }
}
