package dev.parlo.engine.cache;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cache ({@code PARLO_CACHE_DIR}), a folder among the temporary ones for what cannot be kept in
 * it, so that the program also runs where it is full or read-only, and what was prepared when the
 * program was packed, as in a container's image, which is only read. Thread-safe.
 */
public final class CacheFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);

    /** Left free beside what an entry needs. */
    private static final long RESERVE_BYTES = 4L << 20;

    /** What may go to a temporary folder only because the cache is full. */
    private static final long FEW_BYTES = 256L << 20;

    private final Path kept;
    private final Path temporary;
    private final Optional<Path> prepared;
    private @Nullable Path instead;

    /**
     * @param kept made when the first entry is
     * @param temporary folder of temporary files; what is placed there is found again by the next
     *     process of this user, while it lies there
     * @param prepared a folder filled as a cache when the program was packed; never written
     */
    public CacheFolder(Path kept, Path temporary, Optional<Path> prepared) {
        this.kept = kept;
        this.temporary = temporary;
        this.prepared = prepared;
    }

    /** A cache without anything prepared. */
    public CacheFolder(Path kept, Path temporary) {
        this(kept, temporary, Optional.empty());
    }

    /** A cache whose substitute is in the system's folder of temporary files. */
    public static CacheFolder at(Path kept) {
        return new CacheFolder(kept, Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    /**
     * Something in the cache.
     *
     * @param what names it in messages, as a plural
     * @param name of its folder, relative
     * @param bytes that it takes
     * @param isWhole whether a folder holds it already
     */
    public record Entry(String what, String name, long bytes, Predicate<Path> isWhole) {}

    public Path kept() {
        return kept;
    }

    /**
     * The folder of an entry: where it lies, else where it can be made. A library is loaded from
     * there, so that the folder must not be mounted {@code noexec}.
     *
     * @throws EngineException of category NO_SPACE when neither can hold it. The message is for
     *     clients, too: the log alone has the folders' paths
     */
    public Path libraries(Entry entry) {
        Optional<Path> ready =
                prepared.map(folder -> folder.resolve(entry.name())).filter(entry.isWhole());
        if (ready.isPresent()) {
            return ready.get();
        }
        Path usual = kept.resolve(entry.name());
        if (entry.isWhole().test(usual)) {
            return usual;
        }
        Optional<String> problem = problem(kept, entry.bytes(), true);
        return problem.isEmpty() ? usual : substitute(entry, problem.get());
    }

    /**
     * The folder in which so many bytes can be written under a name; the substitute where the cache
     * cannot be written, or is full and the bytes are few. A temporary folder is often memory:
     * where many bytes find no room, the caller has to say so.
     */
    public Path writable(String name, long bytes) {
        Optional<String> problem = problem(kept, bytes > FEW_BYTES ? 0 : bytes, false);
        if (problem.isEmpty()) {
            return kept.resolve(name);
        }
        Path folder = instead(name, problem.get()).resolve(name);
        LOG.warn(
                "The cache PARLO_CACHE_DIR, {}, cannot take {} ({}); {} is used instead",
                kept,
                name,
                problem.get(),
                folder);
        return folder;
    }

    /** Where entries of a name may lie, what was prepared first, then the usual place. */
    public Stream<Path> places(String name) {
        return Stream.concat(prepared.map(folder -> folder.resolve(name)).stream(), written(name));
    }

    /** Where entries of a name may lie that this program made, and may delete. */
    public Stream<Path> written(String name) {
        Path known = known();
        return known == null
                ? Stream.of(kept.resolve(name))
                : Stream.of(kept.resolve(name), known.resolve(name));
    }

    private Path substitute(Entry entry, String problem) {
        Path folder = instead(entry.what(), problem);
        Path place = folder.resolve(entry.name());
        if (!entry.isWhole().test(place)) {
            problem(folder, entry.bytes(), true)
                    .ifPresent(second -> {
                        LOG.warn(
                                "There is no place for {} in PARLO_CACHE_DIR, {} ({}), nor in the temporary folder {} ({})",
                                entry.what(),
                                kept,
                                problem,
                                folder,
                                second);
                        throw noPlace(entry.what(), problem, second);
                    });
        }
        LOG.warn(
                "The cache PARLO_CACHE_DIR, {}, cannot keep {} ({}); {} is used instead",
                kept,
                entry.what(),
                problem,
                place);
        return place;
    }

    private static EngineException noPlace(String what, String cache, String temporary) {
        return new EngineException(
                EngineException.Category.NO_SPACE,
                String.format(
                        Locale.ROOT,
                        "There is no place for %s on the server's disk: in PARLO_CACHE_DIR %s, in the folder of temporary files %s. Free some space, or set PARLO_CACHE_DIR or PARLO_TMP_DIR to a folder with room.",
                        what,
                        cache,
                        temporary));
    }

    /** Why a folder cannot take so many bytes, without paths; empty where it can. Makes it. */
    private static Optional<String> problem(Path folder, long bytes, boolean executable) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "probe-", ".tmp"));
            long free = Files.getFileStore(folder).getUsableSpace();
            if (bytes > 0 && free < bytes + RESERVE_BYTES) {
                return Optional.of(
                        String.format(
                                Locale.ROOT,
                                "%d MB are free, %d MB are needed",
                                free >> 20,
                                (bytes + RESERVE_BYTES >> 20) + 1));
            }
            return executable && isNoExec(folder)
                    ? Optional.of("it is mounted noexec, and libraries cannot be loaded from there")
                    : Optional.empty();
        } catch (AccessDeniedException denied) {
            return Optional.of("no right to write there");
        } catch (FileAlreadyExistsException file) {
            LOG.debug("{} is not a folder", file.getFile());
            return Optional.of("a file is in its place");
        } catch (FileSystemException failure) {
            // Without a reason the system only said that a name is not there, as below /proc.
            return Optional.of(
                    failure.getReason() == null ? "it cannot be made" : failure.getReason());
        } catch (IOException failure) {
            LOG.debug("{} cannot be written", folder, failure);
            return Optional.of("it cannot be written");
        }
    }

    /** Java tells the mount point as a store's text only, and its options not at all. */
    private static boolean isNoExec(Path folder) throws IOException {
        Path mounts = Path.of("/proc/self/mounts");
        if (!Files.isReadable(mounts)) {
            return false;
        }
        String store = Files.getFileStore(folder).toString();
        try (Stream<String> lines = Files.lines(mounts)) {
            return lines.map(line -> line.split(" "))
                    .filter(mount -> mount.length > 3)
                    .filter(mount -> store.equals(mount[1] + " (" + mount[0] + ")"))
                    .anyMatch(mount -> Set.of(mount[3].split(",")).contains("noexec"));
        }
    }

    private synchronized @Nullable Path known() {
        return instead;
    }

    private synchronized Path instead(String what, String problem) {
        Path known = instead;
        if (known == null) {
            try {
                known = open(temporary);
            } catch (IOException e) {
                LOG.warn("No folder can be made in {}: {}", temporary, e.toString());
                throw noPlace(what, problem, "no folder can be made");
            }
            instead = known;
        }
        return known;
    }

    /**
     * A folder that only this user can write, by the same name every time. In a shared folder
     * another user may have made that name first, to have this process load code from it: then a
     * new one.
     */
    private static Path open(Path temporary) throws IOException {
        Files.createDirectories(temporary);
        String user = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9_-]", "_");
        Path folder = temporary.resolve("parlo-cache-" + user);
        Path own = Files.createTempDirectory(temporary, "parlo-cache-");
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return move(own, folder);
        }
        boolean safe =
                Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(folder).equals(Files.getOwner(own))
                        && !othersMayWrite(folder);
        if (!safe) {
            return own;
        }
        Files.delete(own);
        return folder;
    }

    private static Path move(Path own, Path folder) throws IOException {
        try {
            return Files.move(own, folder);
        } catch (FileAlreadyExistsException otherProcess) {
            return own;
        }
    }

    private static boolean othersMayWrite(Path folder) throws IOException {
        if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            return false;
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(folder);
        return PosixFilePermissions.toString(rights).substring(3).contains("w");
    }
}
