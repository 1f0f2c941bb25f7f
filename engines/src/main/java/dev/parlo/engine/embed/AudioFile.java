package dev.parlo.engine.embed;

import dev.parlo.engine.audio.RiffSizes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears whole or not at all: it is written beside its place and moved there. Used by
 * one thread.
 */
final class AudioFile implements AutoCloseable {
    private final Path target;
    private final Path part;
    private final OutputStream out;

    private AudioFile(Path target, Path part, OutputStream out) {
        this.target = target;
        this.part = part;
        this.out = out;
    }

    /** Work that writes. */
    interface Writing {
        void run() throws IOException;
    }

    /** Carries a failure to write through code that knows no such failure. */
    static final class NotWritten extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        private final transient IOException failure;

        NotWritten(IOException failure) {
            super(failure);
            this.failure = failure;
        }

        IOException failure() {
            return failure;
        }
    }

    static AudioFile create(Path target) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
        OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW);
        return new AudioFile(target, part, new BufferedOutputStream(out, 1 << 16));
    }

    OutputStream stream() {
        return out;
    }

    void written(Writing writing) {
        try {
            writing.run();
        } catch (IOException failure) {
            throw new NotWritten(failure);
        }
    }

    /**
     * Gives the file its sizes and its name.
     *
     * @param samples how many it holds
     */
    void complete(long samples) throws IOException {
        out.close();
        RiffSizes.fill(part, samples);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what is not complete. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
