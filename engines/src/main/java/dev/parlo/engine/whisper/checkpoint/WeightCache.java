package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cache.EntryLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converted weights on disk, one directory for each checkpoint and way to compute. An entry appears
 * whole or not at all, and processes that need the same one wait for each other. Thread-safe.
 *
 * <p>An entry's name is a hash of what the checkpoint is (its size, its time, samples of its
 * content and its config), how it is computed, and the converter's version, so that a changed
 * checkpoint or converter never meets old weights.
 */
public final class WeightCache {
    private static final Logger LOG = LoggerFactory.getLogger(WeightCache.class);

    /** Raised whenever converted files would come out differently. */
    private static final int CONVERTER_VERSION = 5;

    private static final String SOURCE = "source.txt";

    /** Bytes and name of each file of an entry, a line each. */
    private static final String FILES = "files.txt";

    private static final String LOCKS = ".locks";
    private static final String PART = ".part-";
    private static final int SAMPLES = 64;
    private static final int SAMPLE_BYTES = 4096;

    /** Left free on the disk beside what a conversion needs. */
    private static final long RESERVE_BYTES = 64L << 20;

    private static final String FOLDER = "weights";

    private final CacheFolder cache;

    /** Fills a new entry's directory. */
    public interface Conversion {
        void writeTo(Path directory) throws IOException;
    }

    /**
     * @param cache where the entries lie, in a folder of their own; it is made when the first is
     *     written
     */
    public WeightCache(CacheFolder cache) {
        this.cache = cache;
    }

    /**
     * The directory of a checkpoint's entry, converted now if there is none yet.
     *
     * @param label names how the weights are computed
     * @param expectedBytes about how much the entry takes
     * @throws EngineException of category NO_SPACE before anything is written if the disk has no
     *     room for it
     */
    public Path entry(Path checkpoint, String label, long expectedBytes, Conversion conversion) {
        String key = key(checkpoint, label);
        Optional<Path> known =
                cache.places(FOLDER)
                        .map(root -> root.resolve(key))
                        .filter(WeightCache::isWhole)
                        .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        Path root = cache.writable(FOLDER, expectedBytes + RESERVE_BYTES);
        Path entry = root.resolve(key);
        try {
            try (EntryLock held =
                    EntryLock.take(root.resolve(LOCKS).resolve(entry.getFileName()))) {
                if (!isWhole(entry)) {
                    if (Files.exists(entry)) {
                        LOG.warn("{} is not as it was written, and converted anew", entry);
                        deleteTree(entry); // those who have its files mapped keep them
                    }
                    convert(checkpoint, root, entry, expectedBytes, conversion);
                }
                return entry;
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static void convert(
            Path checkpoint, Path root, Path entry, long expectedBytes, Conversion conversion)
            throws IOException {
        removeParts(root, entry);
        long free = Files.getFileStore(root).getUsableSpace();
        if (free < expectedBytes + RESERVE_BYTES) {
            throw new EngineException(
                    EngineException.Category.NO_SPACE,
                    String.format(
                            Locale.ROOT,
                            "Converting '%s' needs about %d MB in the cache, where %d MB are free; free some space or"
                                    + " set PARLO_CACHE_DIR to a larger disk.",
                            checkpoint.getFileName(),
                            expectedBytes + RESERVE_BYTES >> 20,
                            free >> 20));
        }
        Path part = Files.createTempDirectory(root, entry.getFileName() + PART);
        try {
            conversion.writeTo(part);
            Files.writeString(part.resolve(SOURCE), checkpoint.toAbsolutePath().toString());
            seal(part);
            try {
                Files.move(part, entry, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, entry);
            }
        } finally {
            deleteTree(part);
        }
    }

    /**
     * Notes the sizes of an entry's files and takes the right to write into them from everyone who
     * has to ask: they are mapped by those who use them.
     */
    private static void seal(Path entry) throws IOException {
        StringBuilder sizes = new StringBuilder();
        for (Path file : files(entry)) {
            sizes.append(Files.size(file)).append(' ').append(file.getFileName()).append('\n');
        }
        Files.writeString(entry.resolve(FILES), sizes);
        if (Files.getFileStore(entry).supportsFileAttributeView(PosixFileAttributeView.class)) {
            for (Path file : files(entry)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
            }
        }
    }

    private static List<Path> files(Path entry) throws IOException {
        try (Stream<Path> list = Files.list(entry)) {
            return list.sorted().toList();
        }
    }

    /** Whether an entry is there with files of the sizes that they were written with. */
    private static boolean isWhole(Path entry) {
        try {
            for (String line : Files.readAllLines(entry.resolve(FILES))) {
                int space = line.indexOf(' ');
                Path file = entry.resolve(line.substring(space + 1));
                if (space < 0
                        || !String.valueOf(Files.size(file)).equals(line.substring(0, space))) {
                    return false;
                }
            }
            return true;
        } catch (IOException | InvalidPathException missing) {
            return false;
        }
    }

    /**
     * Removes what conversions of an entry left behind that were killed. Only while its lock is
     * held: no other process converts it now.
     */
    private static void removeParts(Path root, Path entry) {
        for (Path other : entries(root)) {
            if (other.getFileName().toString().startsWith(entry.getFileName() + PART)) {
                deleteTree(other);
            }
        }
    }

    /** Deletes all entries made from a checkpoint directory. */
    public void remove(Path checkpoint) {
        String source = checkpoint.toAbsolutePath().toString();
        for (Path entry : entries()) {
            if (source.equals(sourceOf(entry))) {
                deleteTree(entry);
            }
        }
    }

    /** Deletes entries whose checkpoint is gone. */
    public void removeOrphans() {
        for (Path entry : entries()) {
            String source = sourceOf(entry);
            if (!source.isEmpty() && !Files.exists(Path.of(source))) {
                deleteTree(entry);
            }
        }
    }

    private List<Path> entries() {
        return cache.written(FOLDER).flatMap(root -> entries(root).stream()).toList();
    }

    private static List<Path> entries(Path root) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(root)) {
            return new ArrayList<>(list.filter(Files::isDirectory).toList());
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static String sourceOf(Path entry) {
        try {
            return Files.readString(entry.resolve(SOURCE));
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static String key(Path checkpoint, String label) {
        CheckpointFiles files = CheckpointFiles.in(checkpoint);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path weights : files.weights()) {
                String identity =
                        String.format(
                                Locale.ROOT,
                                "%d %s %d %d",
                                CONVERTER_VERSION,
                                label,
                                Files.size(weights),
                                Files.getLastModifiedTime(weights).toMillis());
                digest.update(identity.getBytes(StandardCharsets.UTF_8));
            }
            for (Path settings : files.settings()) {
                digest.update(Files.readAllBytes(settings));
            }
            for (Path weights : files.weights()) {
                sample(weights, digest);
            }
            String hash = HexFormat.of().formatHex(digest.digest(), 0, 12);
            return safe(checkpoint) + "-" + label + "-" + hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The checkpoint cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private static void sample(Path weights, MessageDigest digest) throws IOException {
        try (FileChannel channel = FileChannel.open(weights, StandardOpenOption.READ)) {
            long size = channel.size();
            ByteBuffer sample = ByteBuffer.allocate(SAMPLE_BYTES);
            for (int i = 0; i < SAMPLES; i++) {
                sample.clear();
                channel.read(sample, size / SAMPLES * i);
                digest.update(sample.flip());
            }
        }
    }

    /**
     * The directory's name as far as it is harmless in a file name, for people who look into the
     * cache.
     */
    private static String safe(Path checkpoint) {
        String name = String.valueOf(checkpoint.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
        return name.length() > 60 ? name.substring(0, 60) : name;
    }

    private static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path visited,
                                @org.jspecify.annotations.Nullable IOException problem)
                                throws IOException {
                            if (problem != null) {
                                throw problem;
                            }
                            Files.delete(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** The system's words, without the file's path, which is the server's own. */
    private static String reason(IOException e) {
        LOG.warn("The weight cache cannot be written: {}", e.toString());
        String reason = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
        return reason == null ? "no reason was given" : reason;
    }

    private static EngineException failure(IOException e) {
        return new EngineException(
                EngineException.Category.NO_SPACE,
                String.format(
                        Locale.ROOT,
                        "The weight cache cannot be written (%s); check the disk and PARLO_CACHE_DIR.",
                        reason(e)),
                e);
    }
}
