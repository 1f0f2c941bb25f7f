package dev.parlo.engine.piper;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the two files of a Piper voice lie: {@code NAME.onnx} with {@code NAME.onnx.json}, or
 * {@code model.onnx} with {@code config.json}.
 *
 * @param name the voice's name
 */
record PiperFiles(Path model, Path config, String name) {
    /**
     * @param folder or the graph, where the folder may hold others
     */
    static PiperFiles in(Path folder) {
        if (Files.isRegularFile(folder)) {
            Path graph = folder.toAbsolutePath();
            return of(graph.resolveSibling(""), List.of(graph));
        }
        List<Path> models;
        try (Stream<Path> files = Files.list(folder)) {
            models = files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
        } catch (IOException failure) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model's folder cannot be read.",
                    failure);
        }
        return of(folder, models);
    }

    private static PiperFiles of(Path folder, List<Path> models) {
        for (Path model : models) {
            String file = model.getFileName().toString();
            for (String json : List.of(file + ".json", "config.json")) {
                Path config = folder.resolve(json);
                if (Files.isRegularFile(config)) {
                    String stem = file.substring(0, file.length() - ".onnx".length());
                    return new PiperFiles(model, config, stem.equals("model") ? "default" : stem);
                }
            }
        }
        throw new EngineException(
                EngineException.Category.BAD_MODEL,
                "There is no Piper voice in the model's folder; it needs NAME.onnx with NAME.onnx.json, or model.onnx with config.json.");
    }
}
