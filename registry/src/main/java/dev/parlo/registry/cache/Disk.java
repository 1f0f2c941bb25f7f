package dev.parlo.registry.cache;

import dev.parlo.registry.DiskReason;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes a download makes, apart from the network so that a full disk is told from a broken
 * connection.
 */
class Disk {
    private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

    /** Bytes that can still be written beside this folder, which exists. */
    long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /** Writes the whole buffer at a position. */
    void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Forces a file's bytes to the disk and moves it to its name in one step. */
    void settle(Path from, Path to) throws IOException {
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(Objects.requireNonNull(to.getParent()));
    }

    /** Makes a symbolic link; false where the file system or the system's rights allow none. */
    boolean symbolicLink(Path link, Path target) {
        try {
            Files.createSymbolicLink(link, target);
            return true;
        } catch (UnsupportedOperationException | IOException refused) {
            return false;
        }
    }

    /** Makes a hard link; false where the file system has none. */
    boolean hardLink(Path link, Path file) {
        try {
            Files.createLink(link, file);
            return true;
        } catch (UnsupportedOperationException | IOException refused) {
            return false;
        }
    }

    /** Forces a folder's entries to the disk, where the system can. */
    void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notSupported) {
            return; // Windows opens no folders; its renames are journalled
        }
    }

    /**
     * The exception for a failed write, whose message may be shown to a caller; the log is told the
     * path.
     */
    static RegistryException failure(Path file, IOException failed) {
        LOG.warn("writing {}: {}", file, failed.toString());
        if (isFull(failed)) {
            return new RegistryException(
                    Category.NO_SPACE, "No space left on the disk of the cache.", failed);
        }
        return new RegistryException(
                Category.IO,
                "Writing to the cache (HF_HUB_CACHE) failed: " + DiskReason.of(failed) + ".",
                failed);
    }

    private static boolean isFull(IOException failed) {
        String reason =
                failed instanceof FileSystemException file
                        ? Objects.requireNonNullElse(file.getReason(), "")
                        : "";
        String text = (failed.getMessage() + " " + reason).toLowerCase(java.util.Locale.ROOT);
        return text.contains("no space left")
                || text.contains("quota exceeded")
                || text.contains("not enough space");
    }
}
