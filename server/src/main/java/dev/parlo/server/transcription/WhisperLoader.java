package dev.parlo.server.transcription;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.device.GpuHealth;
import dev.parlo.engine.device.SpeechToTextOnGpus;
import dev.parlo.engine.ggml.GgmlEngineSettings;
import dev.parlo.engine.ggml.GgmlWhisperEngine;
import dev.parlo.engine.parakeet.ParakeetEngine;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import dev.parlo.registry.ModelFamily;
import dev.parlo.server.Settings;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads Whisper and Parakeet: a checkpoint for CTranslate2 or Transformers or in ONNX runs on our
 * own engine, a GGML file on whisper.cpp, Parakeet's graphs on ONNX Runtime. Thread-safe.
 */
public final class WhisperLoader implements SpeechToTextLoader {
    private final Settings settings;
    private final DeviceChoice device;
    private final GpuHealth health;
    private final Gpus gpus;

    /**
     * @param devices where checkpoints are computed; GGML files are always on the processor
     */
    public WhisperLoader(Settings settings, Devices devices) {
        this.settings = settings;
        this.device = devices.whisper();
        this.health = devices.health();
        this.gpus = devices.gpus();
    }

    @Override
    public void prepare(ModelFamily family, Path files, Cancellation cancellation) {
        if (family.isWhisperCheckpoint()) {
            WhisperEngine.convert(
                    files,
                    ComputeChoice.of(settings.whisper(), device, files),
                    device.onGpu() ? device.gpus().getFirst() : processor(),
                    settings.files().cacheFolder(),
                    cancellation);
        }
    }

    private Placement.Cpu processor() {
        return ComputeChoice.processor(settings.whisper());
    }

    @Override
    public SpeechToText load(
            ModelFamily family, Path files, Admission admission, Cancellation cancellation) {
        return load(family, files, List.of(), admission, cancellation);
    }

    @Override
    public SpeechToText load(
            ModelFamily family,
            Path files,
            List<String> languages,
            Admission admission,
            Cancellation cancellation) {
        return switch (family) {
            case WHISPER_CT2, WHISPER_TRANSFORMERS, WHISPER_ONNX ->
                    checkpoint(files, admission, cancellation);
            case WHISPER_GGML ->
                    GgmlWhisperEngine.open(
                            ggml(files),
                            new GgmlEngineSettings(
                                    ComputeChoice.threads(settings.whisper()),
                                    admission,
                                    settings.models().memoryBudget(),
                                    settings.files().temporary(),
                                    settings.whisper().audioContext()));
            case PARAKEET ->
                    ParakeetEngine.open(
                            files,
                            languages.stream()
                                    .flatMap(name -> Stream.ofNullable(LanguageNames.code(name)))
                                    .distinct()
                                    .toList(),
                            ComputeChoice.threads(settings.whisper()),
                            admission,
                            settings.models().memoryBudget(),
                            settings.files().temporary());
            default -> throw new IllegalArgumentException(family + " transcribes nothing");
        };
    }

    private SpeechToText checkpoint(
            Path directory, Admission admission, Cancellation cancellation) {
        return device.onGpu()
                ? SpeechToTextOnGpus.open(
                        device.gpus(),
                        health,
                        admission,
                        (gpu, own) -> open(directory, gpu, own, cancellation))
                : open(directory, processor(), admission, cancellation);
    }

    private SpeechToText open(
            Path directory, Placement placement, Admission admission, Cancellation cancellation) {
        return WhisperEngine.open(
                directory,
                new WhisperEngineSettings(
                        ComputeChoice.of(settings.whisper(), device, directory),
                        placement,
                        admission,
                        settings.models().memoryBudget(),
                        settings.files().cacheFolder(),
                        settings.files().temporary(),
                        gpus,
                        settings.whisper().audioContext()),
                cancellation);
    }

    private static Path ggml(Path files) {
        if (Files.isRegularFile(files)) { // one checkpoint of several
            return files;
        }
        try (Stream<Path> all = Files.list(files)) {
            return all.filter(file -> file.getFileName().toString().matches("ggml-.*\\.bin"))
                    .sorted()
                    .findFirst()
                    .orElseThrow(() ->
                            new EngineException(
                                    Category.BAD_MODEL,
                                    files.getFileName() + " holds no ggml-*.bin file."));
        } catch (IOException e) {
            throw new EngineException(
                    Category.BAD_MODEL,
                    "The model's folder " + files.getFileName() + " cannot be read.",
                    e);
        }
    }
}
