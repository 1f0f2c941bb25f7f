package dev.parlo.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process' own folder of temporary uploads, below a directory that others may share. A lock on
 * a file in it tells that the process lives; the operating system drops the lock with the process,
 * however that ends. Opening one therefore first removes the folders of processes that are gone,
 * and closing removes it. A process id would not tell: in containers every server is process 1.
 * Thread-safe.
 */
public final class UploadFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadFolder.class);
    private static final String PREFIX = "parlo-uploads-";
    private static final String LOCK = "in-use";

    private final Path path;
    private final FileChannel channel;

    private UploadFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes a new folder, readable by this user only.
     *
     * @param parent made if absent
     */
    public static UploadFolder open(Path parent) {
        try {
            Files.createDirectories(parent);
            Path path = Files.createTempDirectory(parent, ownPrefix());
            try {
                removeLeftovers(parent, Files.getOwner(path));
                return new UploadFolder(path, locked(path));
            } catch (IOException | RuntimeException e) {
                // A full disk, or a signal to stop. Nobody would ever remove it: it has no lock.
                remove(path);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "No folder for uploads can be made in PARLO_TMP_DIR, "
                            + parent
                            + "; set it to a folder that can be written",
                    e);
        }
    }

    private static FileChannel locked(Path path) throws IOException {
        // Locked under another name first: the lock's name must never lie there unlocked.
        Path fresh = path.resolve(LOCK + ".new");
        FileChannel channel =
                FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            Files.move(fresh, path.resolve(LOCK));
            return channel;
        } catch (Throwable e) { // errors, too: the file stays open otherwise
            channel.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /** Removes the folder and what is left in it. Harmless when repeated. */
    @Override
    public void close() {
        try (channel) { // also where a file stays: the next start finds it without a lock
            remove(path);
        } catch (IOException e) {
            LOG.warn("The folder of uploads {} stays behind", path, e);
        }
    }

    /** Closing a second channel would drop this process' locks: its own folders are left alone. */
    private static String ownPrefix() {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return PREFIX + self.pid() + "-" + start + "-";
    }

    /** Of this user only: in a shared folder nobody else can put a link in their place. */
    private static void removeLeftovers(Path parent, UserPrincipal self) throws IOException {
        List<Path> folders;
        try (Stream<Path> entries = Files.list(parent)) {
            folders =
                    entries.filter(
                                    entry -> {
                                        String name = entry.getFileName().toString();
                                        return name.startsWith(PREFIX)
                                                && !name.startsWith(ownPrefix());
                                    })
                            .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                            .toList();
        }
        for (Path folder : folders) {
            try {
                if (Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(self)
                        && isAbandoned(folder)) {
                    remove(folder);
                    LOG.info("Removed uploads that an ended process left in {}", folder);
                }
            } catch (IOException e) {
                LOG.debug("The folder of uploads {} is left alone", folder, e);
            }
        }
    }

    /** A folder without a lock is one that is just being made, or nothing of ours. */
    private static boolean isAbandoned(Path folder) throws IOException {
        try (FileChannel other =
                        FileChannel.open(
                                folder.resolve(LOCK),
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS);
                FileLock lock = other.tryLock()) {
            return lock != null;
        } catch (NoSuchFileException | OverlappingFileLockException notAbandoned) {
            return false;
        }
    }

    /** The lock last: what fails half-way is found again. */
    private static void remove(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(file -> !file.endsWith(LOCK)).toList();
        } catch (NoSuchFileException gone) {
            return;
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder.resolve(LOCK));
        Files.deleteIfExists(folder);
    }
}
