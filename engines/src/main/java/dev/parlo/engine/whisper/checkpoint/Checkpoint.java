package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An open checkpoint directory: its variables, mapped and in place, and its shape, checked.
 * Thread-safe; nothing may be read after {@link #close()}.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String EMBEDDINGS = "decoder/embeddings/weight";
    private static final String PROJECTION = "decoder/projection/weight";

    private final Path directory;
    private final Arena arena;
    private final String file;
    private final Map<String, Variable> variables;
    private final WhisperConfig config;
    private final Optional<TransformersTokens> tokens;
    private final Variable projection;
    private final WhisperShape shape;

    private Checkpoint(
            Path directory,
            Arena arena,
            String file,
            Map<String, Variable> variables,
            WhisperConfig config,
            Optional<TransformersTokens> tokens) {
        this.directory = directory;
        this.arena = arena;
        this.file = file;
        this.variables = variables;
        this.config = config;
        this.tokens = tokens;
        this.shape = ShapeCheck.shapeOf(this);
        this.projection = tied() ? variable(EMBEDDINGS) : variable(PROJECTION);
    }

    /**
     * Opens the checkpoint of a directory, in whichever format it is.
     *
     * @param directory or, of several exports to ONNX in one directory, the file of an encoder
     * @throws EngineException of category BAD_MODEL when a file is missing or damaged or no Whisper
     *     checkpoint
     */
    public static Checkpoint open(Path directory) {
        CheckpointFiles files = CheckpointFiles.in(directory);
        Arena arena = Arena.ofShared();
        try {
            CheckpointFiles.Contents contents = files.read(arena);
            return new Checkpoint(
                    directory,
                    arena,
                    files.name(),
                    Map.copyOf(contents.variables()),
                    contents.config(),
                    contents.tokens());
        } catch (IOException e) {
            arena.close();
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    files.name() + " cannot be read: " + e.getMessage(),
                    e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The folder of a checkpoint's configuration and tokenizer, if it is not that folder. */
    public static Path folder(Path checkpoint) {
        return Files.isRegularFile(checkpoint) ? OnnxFiles.of(checkpoint).directory() : checkpoint;
    }

    /** The projection is the table of embeddings in every model that OpenAI trained. */
    private boolean tied() {
        Variable own = variables.get(PROJECTION);
        return own == null
                || own instanceof StoredVariable stored
                        && variable(EMBEDDINGS) instanceof StoredVariable embeddings
                        && stored.sameAs(embeddings);
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

    /** Its tokens, as {@link TransformersTokens#find}. */
    public Optional<TransformersTokens> tokens() {
        return tokens;
    }

    /** The file that messages name. */
    String file() {
        return file;
    }

    /**
     * What makes logits of the decoder's output, [vocabulary, d]: the variable of the token
     * embeddings itself, unless a fine-tune trained the two apart.
     */
    public Variable projection() {
        return projection;
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
                            "%s has no variable '%s'; it is not a complete Whisper checkpoint.",
                            file,
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
                            "%s: '%s' has shape %s; %s is expected.",
                            file,
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
