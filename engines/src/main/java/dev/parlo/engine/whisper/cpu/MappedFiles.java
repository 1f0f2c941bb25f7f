package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that native code has mapped, looked at before each of its steps: reading behind the end
 * of one that was shortened meanwhile is a SIGBUS, which ends the process. What is cut off during a
 * step, milliseconds or the seconds of an encoder, still is. Thread-safe.
 */
final class MappedFiles implements AutoCloseable {
    private final List<Mapped> files = new ArrayList<>();

    /**
     * @param file open as long as it is mapped: its own length counts, whatever has its name by
     *     then. Not a channel, which an interrupt of its caller would close.
     */
    private record Mapped(RandomAccessFile file, long bytes) {}

    MappedFiles(List<Path> paths) throws IOException {
        try {
            for (Path path : paths) {
                files.add(opened(path));
            }
        } catch (Throwable failure) { // errors, too: the files stay open otherwise
            close();
            throw failure;
        }
    }

    private static Mapped opened(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        try {
            return new Mapped(file, file.length());
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
    }

    /**
     * @throws EngineException of category BAD_MODEL when one is shorter than it was
     */
    void check() {
        for (Mapped mapped : files) {
            try {
                if (mapped.file.length() < mapped.bytes) {
                    throw new EngineException(
                            EngineException.Category.BAD_MODEL,
                            "The model's converted weights in the cache (PARLO_CACHE_DIR) were"
                                    + " shortened by another program while they were in use."
                                    + " Unload the model: its next load converts them anew.");
                }
            } catch (IOException closed) {
                throw new EngineException(
                        EngineException.Category.INTERNAL,
                        "The model's weights cannot be looked at: " + closed.getMessage(),
                        closed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Mapped mapped : files) {
            mapped.file.close();
        }
    }
}
