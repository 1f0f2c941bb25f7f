package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.speech.SpeechModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the parts of a Kokoro model lie in its folder. */
final class KokoroFiles {
    private static final List<String> PREFERRED =
            List.of(
                    "model.onnx",
                    "onnx/model.onnx",
                    "onnx/model_fp16.onnx",
                    "onnx/model_quantized.onnx");

    private KokoroFiles() {}

    /** The folder of a model that is given by its folder or its graph. */
    static Path folder(Path model) {
        if (Files.isDirectory(model)) {
            return model;
        }
        Path place = model.toAbsolutePath().resolveSibling("");
        return place.endsWith("onnx") ? place.resolveSibling("") : place;
    }

    /**
     * The graph: the file that is given, or of a folder {@code model.onnx}, the full one of
     * several, else the only .onnx file there is.
     */
    static Path model(Path folder) {
        if (Files.isRegularFile(folder)) {
            return folder;
        }
        for (String name : PREFERRED) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        for (Path place : List.of(folder, folder.resolve("onnx"))) {
            if (!Files.isDirectory(place)) {
                continue;
            }
            try (Stream<Path> files = Files.list(place)) {
                List<Path> found =
                        files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
                if (!found.isEmpty()) {
                    return found.getFirst();
                }
            } catch (IOException failure) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        "The model's folder cannot be read.",
                        failure);
            }
        }
        throw new EngineException(
                EngineException.Category.BAD_MODEL,
                "There is no .onnx file in the model's folder.");
    }

    /** The names of the voices in sherpa-onnx's headerless file, from the model's metadata. */
    static List<String> speakerNames(SpeechModel model) {
        String names = model.metadata().get("speaker_names");
        return names == null || names.isBlank()
                ? List.of()
                : List.of(names.strip().split("\\s*,\\s*"));
    }
}
