package dev.parlo.engine.embed;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What kind of model lies in a folder, by the names of its files. */
final class ModelFiles {
    private ModelFiles() {}

    /** A model that transcribes. */
    sealed interface Transcribing {}

    /** A folder with a configuration and weights. */
    record Checkpoint(Path folder) implements Transcribing {}

    /** A file for whisper.cpp. */
    record Ggml(Path file) implements Transcribing {}

    /** Parakeet's graphs: their folder, or the encoder where there are several. */
    record Parakeet(Path files) implements Transcribing {}

    static Transcribing speechToText(Path model) {
        if (Files.isRegularFile(model)) {
            return isEncoder(String.valueOf(model.getFileName()))
                    ? new Parakeet(model)
                    : new Ggml(model);
        }
        if (!files(model, ModelFiles::isEncoder).isEmpty()) {
            return new Parakeet(model);
        }
        Optional<Path> ggml =
                files(model, name -> name.startsWith("ggml-") && name.endsWith(".bin")).stream()
                        .findFirst();
        if (ggml.isPresent()) {
            return new Ggml(ggml.get());
        }
        // which files a checkpoint needs beside its configuration is known where it is read
        if (Files.isRegularFile(model.resolve("config.json"))) {
            return new Checkpoint(model);
        }
        throw unknown(
                model,
                "a folder with config.json and model.bin (CTranslate2) or model.safetensors"
                        + " (Transformers), one with encoder-model.onnx (Parakeet), or a ggml-*.bin"
                        + " file");
    }

    private static boolean isEncoder(String name) {
        return name.startsWith("encoder-model") && name.endsWith(".onnx");
    }

    /** Whether it is Kokoro, which has voices; else it is a voice of Piper. */
    static boolean isKokoro(Path folder) {
        boolean voices =
                Files.isDirectory(folder.resolve("voices"))
                        || !files(
                                        folder,
                                        name ->
                                                name.endsWith(".npz")
                                                        || name.endsWith(".pt")
                                                        || name.startsWith("voices")
                                                                && name.endsWith(".bin"))
                                .isEmpty();
        boolean piper =
                Files.isRegularFile(folder.resolve("config.json"))
                        || !files(folder, name -> name.endsWith(".onnx.json")).isEmpty();
        if (!voices && !piper) {
            throw unknown(
                    folder,
                    "a folder with model.onnx and voices.bin or voices/ (Kokoro), or with NAME.onnx"
                            + " and NAME.onnx.json (Piper)");
        }
        return voices;
    }

    private static List<Path> files(Path folder, Predicate<String> wanted) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> wanted.test(file.getFileName().toString())).sorted().toList();
        } catch (IOException failure) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The model's folder " + folder + " cannot be read.",
                    failure);
        }
    }

    private static EngineException unknown(Path model, String accepted) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                model + " holds no model that is known here; accepted: " + accepted + ".");
    }
}
