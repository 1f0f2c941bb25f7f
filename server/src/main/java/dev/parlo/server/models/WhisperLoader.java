package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.ggml.GgmlWhisperEngine;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import dev.parlo.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Loads Whisper by what lies in the model's directory: a CTranslate2 checkpoint runs on our own
 * engine, a GGML file on whisper.cpp. Thread-safe.
 */
public final class WhisperLoader implements SpeechToTextLoader {
    private final Settings settings;

    public WhisperLoader(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void prepare(Path directory, Cancellation cancellation) {
        if (isCheckpoint(directory)) {
            WhisperEngine.convert(
                    directory,
                    ComputeChoice.of(settings.whisper(), directory),
                    settings.files().cacheFolder(),
                    cancellation);
        }
    }

    @Override
    public SpeechToText load(Path directory, Admission admission, Cancellation cancellation) {
        Settings.Whisper whisper = settings.whisper();
        Settings.Files files = settings.files();
        if (isCheckpoint(directory)) {
            return WhisperEngine.open(
                    directory,
                    new WhisperEngineSettings(
                            ComputeChoice.of(whisper, directory),
                            ComputeChoice.placement(whisper),
                            admission,
                            files.cacheFolder(),
                            files.temporary()),
                    cancellation);
        }
        return GgmlWhisperEngine.open(
                ggml(directory), ComputeChoice.threads(whisper), admission, files.temporary());
    }

    private static boolean isCheckpoint(Path directory) {
        return Files.isRegularFile(directory.resolve("model.bin"));
    }

    private static Path ggml(Path directory) {
        if (Files.isRegularFile(directory)) { // one checkpoint of several
            return directory;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("ggml-.*\\.bin"))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() -> unknown(directory));
        } catch (IOException e) {
            throw new EngineException(Category.BAD_MODEL, "The model's folder " + directory.getFileName() + " cannot be read.", e);
        }
    }

    private static EngineException unknown(Path directory) {
        return new EngineException(
                Category.BAD_MODEL,
                directory.getFileName()
                        + " holds no Whisper model. Accepted are CTranslate2 checkpoints (model.bin,"
                        + " config.json) and ggml-*.bin files.");
    }
}
