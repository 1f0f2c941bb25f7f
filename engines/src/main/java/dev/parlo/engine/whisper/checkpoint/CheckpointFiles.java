package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The files of a checkpoint directory in one of the formats that Whisper is published in. Whatever
 * the format, the variables have CTranslate2's names and shapes, so that everything behind a
 * checkpoint is the same.
 */
sealed interface CheckpointFiles permits Ctranslate2Files, TransformersFiles {
    /**
     * The format of a directory; where it holds several, CTranslate2's counts, then safetensors.
     *
     * @throws EngineException of category BAD_MODEL when it holds none
     */
    static CheckpointFiles in(Path directory) {
        if (Files.isRegularFile(directory.resolve(Ctranslate2Files.WEIGHTS))) {
            return new Ctranslate2Files(directory);
        }
        return TransformersFiles.in(directory)
                .orElseThrow(() ->
                        new EngineException(
                                EngineException.Category.BAD_MODEL,
                                String.format(
                                        Locale.ROOT,
                                        "'%s' holds no Whisper checkpoint: neither CTranslate2's"
                                                + " model.bin nor model.safetensors, each with its"
                                                + " config.json.",
                                        directory.getFileName())));
    }

    /** The file that is named where the weights are meant. */
    String name();

    /** The files with the weights, at least one. */
    List<Path> weights();

    /** The small files that decide, beside the weights, what is made of them. */
    List<Path> settings();

    WhisperConfig config();

    /**
     * The variables, mapped.
     *
     * @param arena how long they can be read
     * @throws EngineException of category BAD_MODEL
     */
    Map<String, ? extends Variable> variables(Arena arena) throws IOException;

    /** All of a file. */
    static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
