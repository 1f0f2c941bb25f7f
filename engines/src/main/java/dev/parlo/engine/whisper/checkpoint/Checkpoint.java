package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * An open checkpoint directory: its variables, mapped and in place, and its shape, checked.
 * Thread-safe; nothing may be read after {@link #close()}.
 */
public final class Checkpoint implements AutoCloseable {
    private final Path directory;
    private final Arena arena;
    private final Map<String, Variable> variables;
    private final WhisperConfig config;
    private final WhisperShape shape;

    private Checkpoint(
            Path directory, Arena arena, Map<String, Variable> variables, WhisperConfig config) {
        this.directory = directory;
        this.arena = arena;
        this.variables = variables;
        this.config = config;
        this.shape = ShapeCheck.shapeOf(this);
    }

    /**
     * Opens {@code model.bin} and {@code config.json} of a directory.
     *
     * @throws EngineException of category BAD_MODEL when a file is missing or damaged or no Whisper
     *     checkpoint
     */
    public static Checkpoint open(Path directory) {
        Path model = directory.resolve("model.bin");
        if (!Files.isRegularFile(model)) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "'%s' holds no model.bin; a CTranslate2 Whisper checkpoint has model.bin and config.json.",
                            directory.getFileName()));
        }
        WhisperConfig config = WhisperConfig.read(directory);
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(model, StandardOpenOption.READ)) {
            Map<String, Variable> variables =
                    CheckpointReader.read(
                            channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
            return new Checkpoint(directory, arena, variables, config);
        } catch (IOException e) {
            arena.close();
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "model.bin cannot be read: " + e.getMessage(),
                    e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    public Path directory() {
        return directory;
    }

    public WhisperShape shape() {
        return shape;
    }

    public WhisperConfig config() {
        return config;
    }

    public boolean has(String name) {
        return variables.containsKey(name);
    }

    /** The variable of that name, whatever its shape. */
    public Variable variable(String name) {
        Variable variable = variables.get(name);
        if (variable == null) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "model.bin has no variable '%s'; it is not a complete Whisper checkpoint.",
                            name));
        }
        return variable;
    }

    /** The variable of that name, which must have this shape. */
    public Variable variable(String name, int... expected) {
        Variable variable = variable(name);
        if (!Arrays.equals(variable.shape(), expected)) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "model.bin: '%s' has shape %s; %s is expected.",
                            name,
                            Arrays.toString(variable.shape()),
                            Arrays.toString(expected)));
        }
        return variable;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
