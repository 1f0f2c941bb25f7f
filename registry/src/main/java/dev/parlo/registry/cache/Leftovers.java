package dev.parlo.registry.cache;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelRemoval;
import dev.parlo.registry.RegistryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what ended processes left in a cache: repositories on their way out, snapshots and links
 * that were never put in place, partial files beside a finished blob, locks of repositories that
 * are gone. Partial files of unfinished blobs stay: the next download goes on from them. Other
 * processes may use the cache meanwhile; what cannot be removed is logged and passed over.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    /** A living process needs milliseconds from making such a file to moving it. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    /**
     * Where flock(2) does not reach, on some network file systems, only age tells that nobody
     * writes a file any more.
     */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private static final int DEEPEST_LINK = 7;

    private final CacheLayout layout;
    private final FileLocking locks;
    private final InstantSource clock;
    private int removed;

    Leftovers(CacheLayout layout, FileLocking locks, InstantSource clock) {
        this.layout = layout;
        this.locks = locks;
        this.clock = clock;
    }

    /** Removes all of them; how many. */
    int remove() {
        // two processes may remove the same folder at once, so there is no need to wait
        named(layout.root(), ModelRemoval.GRAVE).forEach(this::removeTree);
        for (Path repository : named(layout.root(), "models--")) {
            ModelId.ofCacheFolder(name(repository))
                    .filter(id -> Files.isDirectory(repository, LinkOption.NOFOLLOW_LINKS))
                    .ifPresent(this::tidy);
        }
        for (Path folder : named(layout.locks(), "models--")) {
            if (!Files.exists(layout.root().resolve(name(folder))) && isSettled(folder)) {
                removeTree(folder);
            }
        }
        return removed;
    }

    private void tidy(ModelId id) {
        settled(named(layout.repository(id), SnapshotWriter.STAGING)).forEach(this::removeTree);
        settled(named(layout.references(id), SnapshotWriter.REFERENCE)).forEach(this::removeFile);
        settled(links(layout.snapshots(id))).forEach(this::removeFile);
        for (Path file : entries(layout.blobs(id), path -> true)) {
            PartialFiles.blobOf(file)
                    .filter(blob ->
                            Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)
                                    || (PartialFiles.isOneAttempt(file)
                                            && isOlder(file, ABANDONED)))
                    .ifPresent(blob -> removePartial(id, blob, file));
        }
    }

    /** Under the lock, since another process may be fetching the finished blob anew. */
    private void removePartial(ModelId id, Path blob, Path partial) {
        try {
            Path file = layout.lock(id, name(blob));
            Optional<FileLocking.Held> lock = locks.tryAcquire(file);
            if (lock.isPresent()) {
                try (FileLocking.Held held = lock.get()) {
                    Objects.requireNonNull(held);
                    removeFile(partial);
                }
            }
        } catch (IOException | RegistryException unusable) {
            LOG.warn("leaving {}: {}", partial, unusable.toString());
        }
    }

    private void removeTree(Path folder) {
        try {
            ModelRemoval.deleteTree(folder);
            removed++;
        } catch (IOException failed) {
            LOG.warn("leaving {}: {}", folder, failed.toString());
        }
    }

    private void removeFile(Path file) {
        try {
            if (Files.deleteIfExists(file)) {
                removed++;
            }
        } catch (IOException failed) {
            LOG.warn("leaving {}: {}", file, failed.toString());
        }
    }

    private List<Path> settled(List<Path> paths) {
        return paths.stream().filter(this::isSettled).toList();
    }

    private boolean isSettled(Path path) {
        return isOlder(path, SETTLED);
    }

    private boolean isOlder(Path path, Duration age) {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(clock.instant().minus(age));
        } catch (IOException gone) {
            return false;
        }
    }

    private static List<Path> links(Path snapshots) {
        if (!Files.isDirectory(snapshots, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(snapshots, DEEPEST_LINK)) {
            return all.filter(path -> name(path).startsWith(SnapshotWriter.LINK)).toList();
        } catch (IOException | UncheckedIOException none) {
            return List.of();
        }
    }

    private List<Path> named(Path folder, String prefix) {
        return entries(folder, path -> name(path).startsWith(prefix));
    }

    /** None of a folder that is a link: it may lead anywhere. Only the cache itself may be one. */
    private List<Path> entries(Path folder, Predicate<Path> wanted) {
        if (!folder.equals(layout.root())
                && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(wanted).toList();
        } catch (IOException | UncheckedIOException none) {
            return List.of();
        }
    }

    private static String name(Path path) {
        return Objects.requireNonNull(path.getFileName()).toString();
    }
}
