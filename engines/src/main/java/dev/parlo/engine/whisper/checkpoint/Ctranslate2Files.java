package dev.parlo.engine.whisper.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code model.bin} with {@code config.json}, as CTranslate2 and faster-whisper keep Whisper. */
record Ctranslate2Files(Path directory) implements CheckpointFiles {
    static final String WEIGHTS = "model.bin";

    @Override
    public String name() {
        return WEIGHTS;
    }

    @Override
    public List<Path> weights() {
        return List.of(directory.resolve(WEIGHTS));
    }

    @Override
    public List<Path> settings() {
        return List.of(directory.resolve("config.json"));
    }

    @Override
    public Contents read(Arena arena) throws IOException {
        return new Contents(
                WhisperConfig.read(directory),
                CheckpointReader.read(CheckpointFiles.map(weights().getFirst(), arena)),
                Optional.empty());
    }
}
