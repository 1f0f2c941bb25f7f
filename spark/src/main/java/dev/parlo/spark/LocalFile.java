package dev.parlo.spark;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A file where FFmpeg can read it: itself where it is on this machine, else a copy that is removed
 * by closing.
 */
record LocalFile(java.nio.file.Path path, boolean copied) implements AutoCloseable {
    /**
     * @param most bytes; a larger file is not copied
     * @throws IOException where it is not there or cannot be read
     * @throws EngineException TOO_LARGE
     */
    static LocalFile of(String address, long most, Configuration configuration)
            throws IOException {
        Path remote = new Path(address);
        FileSystem files = remote.getFileSystem(configuration);
        if (files instanceof LocalFileSystem local) {
            return here(local.pathToFile(remote).toPath());
        }
        if (files instanceof RawLocalFileSystem local) {
            return here(local.pathToFile(remote).toPath());
        }
        long bytes = files.getFileStatus(remote).getLen();
        if (bytes > most) {
            throw new EngineException(
                    EngineException.Category.TOO_LARGE,
                    "The file has " + bytes + " bytes; the limit is " + most + ".");
        }
        java.nio.file.Path copy = Files.createTempFile("parlo-", ".audio");
        try (InputStream in = files.open(remote)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return new LocalFile(copy, true);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(copy);
            throw failure;
        }
    }

    private static LocalFile here(java.nio.file.Path file) throws IOException {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException(
                    Files.exists(file)
                            ? file + " is no file that may be read"
                            : file + " is not on this machine");
        }
        return new LocalFile(file, false);
    }

    @Override
    public void close() throws IOException {
        if (copied) {
            Files.deleteIfExists(path);
        }
    }
}
