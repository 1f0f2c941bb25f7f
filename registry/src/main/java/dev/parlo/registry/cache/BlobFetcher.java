package dev.parlo.registry.cache;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.hub.CancelSignal;
import dev.parlo.registry.hub.RemoteFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts verified blobs into a cache: under the lock that huggingface_hub takes too, fetched,
 * compared with size and hash, forced to disk and only then given their name. Bytes that are not
 * what the Hub announced go to quarantine and are fetched once more.
 */
final class BlobFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(BlobFetcher.class);

    private final CacheLayout layout;
    private final FileLocking locks;
    private final BlobTransfer transfer;
    private final Disk disk;

    BlobFetcher(CacheLayout layout, FileLocking locks, BlobTransfer transfer, Disk disk) {
        this.layout = layout;
        this.locks = locks;
        this.transfer = transfer;
        this.disk = disk;
    }

    /** Bytes still to come for a file. */
    long missing(RemoteFile file) {
        Path blob = layout.blob(file.id(), file.etag());
        return isComplete(blob, file) || isComplete(placed(file), file)
                ? 0
                : file.size() - PartialFiles.kept(blob, file.size());
    }

    /** Where the bytes of a file lie, fetched if they are not there: usually its blob. */
    Path fetch(RemoteFile file, CancelSignal signal, ProgressMeter meter) {
        Path blob = layout.blob(file.id(), file.etag());
        for (Path there : List.of(blob, placed(file))) {
            if (isComplete(there, file)) {
                meter.standsAt(file.path(), file.size());
                return there;
            }
        }
        try (FileLocking.Held lock = locks.acquire(layout.lock(file.id(), file.etag()), signal)) {
            Objects.requireNonNull(lock);
            if (isComplete(blob, file)) {
                meter.standsAt(file.path(), file.size()); // another process was faster
                return blob;
            }
            fetchLocked(file, blob, signal, meter);
            return blob;
        }
    }

    /** Removes the unfinished bytes of a file. */
    void discard(RemoteFile file) {
        try {
            PartialFiles.discard(layout.blob(file.id(), file.etag()));
        } catch (IOException failed) {
            LOG.warn("removing a partial download: {}", failed.toString());
        }
    }

    private void fetchLocked(RemoteFile file, Path blob, CancelSignal signal, ProgressMeter meter) {
        if (!BlobHash.isHash(file.etag())) {
            LOG.warn(
                    "the Hub names no hash for '{}' of {}: only its size is checked",
                    file.path(),
                    file.id());
        }
        for (int attempt = 1; ; attempt++) {
            Path partial = transfer.run(file, blob, signal, meter);
            try {
                Optional<String> actual = BlobHash.mismatch(partial, file.etag(), signal);
                if (actual.isEmpty()) {
                    disk.settle(partial, blob);
                    PartialFiles.discard(blob);
                    release(layout.quarantine(file.id(), file.etag()));
                    return;
                }
                Path kept = quarantine(file, partial);
                LOG.warn("unusable bytes lie in {}", kept);
                PartialFiles.discard(blob);
                meter.standsAt(file.path(), 0);
                String what =
                        "'"
                                + file.path()
                                + "' of model '"
                                + file.id()
                                + "' is not what the Hub announced: its hash should be "
                                + file.etag()
                                + " and is "
                                + actual.get()
                                + ". The bytes are not used; they are kept under quarantine/ in the"
                                + " model's folder of the cache.";
                if (attempt == 2) {
                    throw new RegistryException(Category.CORRUPT, what);
                }
                LOG.warn("{} Fetching it once more.", what);
            } catch (IOException failed) {
                throw Disk.failure(partial, failed);
            }
        }
    }

    /**
     * Removes bytes from quarantine once the right ones are there, and the folder with the last.
     */
    private static void release(Path quarantined) throws IOException {
        if (Files.deleteIfExists(quarantined)) {
            try {
                Files.delete(Objects.requireNonNull(quarantined.getParent()));
            } catch (DirectoryNotEmptyException others) {
                LOG.debug("{} is kept: it holds more", quarantined.getParent());
            }
        }
    }

    private Path quarantine(RemoteFile file, Path partial) throws IOException {
        Path quarantine = layout.quarantine(file.id(), file.etag());
        Files.createDirectories(Objects.requireNonNull(quarantine.getParent()));
        Files.move(partial, quarantine, StandardCopyOption.REPLACE_EXISTING);
        return quarantine;
    }

    /** Where a file lies that was moved into its snapshot, since no link could be made. */
    private Path placed(RemoteFile file) {
        return layout.snapshot(file.id(), file.commit()).resolve(CacheLayout.file(file.path()));
    }

    /**
     * A blob of the right size got its name after verification; one of another size is a leftover.
     */
    private static boolean isComplete(Path blob, RemoteFile file) {
        try {
            return Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(blob) == file.size();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
