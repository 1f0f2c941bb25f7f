package dev.parlo.registry.cache;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.TreeListing;
import dev.parlo.registry.hub.RemoteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a snapshot of fetched blobs visible: a folder of relative links that is filled in one step,
 * then refs/main. A crash before that leaves nothing that would be listed as installed. Where links
 * cannot be made, or must not be, the files themselves are moved into the snapshot, as
 * huggingface_hub does.
 */
final class SnapshotWriter {
    /** How the names begin of what is not yet in its place: a snapshot, a link, a reference. */
    static final String STAGING = ".staging-";

    static final String LINK = ".link-";
    static final String REFERENCE = ".main-";

    private final CacheLayout layout;
    private final Disk disk;
    private final boolean links;

    /**
     * @param links whether links may be made at all ({@code HF_HUB_DISABLE_SYMLINKS})
     */
    SnapshotWriter(CacheLayout layout, Disk disk, boolean links) {
        this.layout = layout;
        this.disk = disk;
        this.links = links;
    }

    /**
     * Makes the folder of a snapshot, still empty, and the reference to it before the first byte
     * comes: huggingface_hub's tools take a repository without them for a corrupt one and can
     * neither show nor delete it.
     */
    void begin(ModelId id, String commit) {
        Path snapshot = layout.snapshot(id, commit);
        try {
            Files.createDirectories(snapshot);
            Path main = layout.mainReference(id);
            if (!Files.exists(main) || !refersToSnapshot(id, main)) {
                reference(id, commit);
            }
        } catch (IOException failed) {
            throw Disk.failure(snapshot, failed);
        }
    }

    private boolean refersToSnapshot(ModelId id, Path main) throws IOException {
        String commit = Files.readString(main, StandardCharsets.ISO_8859_1).strip();
        return CacheLayout.isCommit(commit) && Files.isDirectory(layout.snapshot(id, commit));
    }

    void write(ModelId id, String commit, List<RemoteFile> files) {
        Path snapshot = layout.snapshot(id, commit);
        try {
            Files.createDirectories(layout.snapshots(id));
            SortedMap<String, Long> sizes = new TreeMap<>();
            files.forEach(file -> sizes.put(file.path(), file.size()));
            // first, so that a crash in between is seen as an unfinished download
            TreeListing.add(layout.fetchedList(id, commit), sizes);
            if (isFilled(snapshot)) {
                putAll(files, snapshot);
            } else {
                Path staging = layout.repository(id).resolve(STAGING + UUID.randomUUID());
                Path folder = staging.resolve(commit);
                putAll(files, folder);
                replace(folder, snapshot);
                Files.delete(staging);
            }
            disk.syncFolder(snapshot);
            disk.syncFolder(layout.snapshots(id));
            reference(id, commit);
        } catch (IOException failed) {
            throw Disk.failure(snapshot, failed);
        }
    }

    private static boolean isFilled(Path snapshot) throws IOException {
        if (!Files.exists(snapshot, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(snapshot)) {
            return entries.findAny().isPresent();
        }
    }

    /**
     * Puts a folder in the place of an empty one; where another process has filled that meanwhile,
     * its files are put there one by one.
     */
    static void replace(Path folder, Path place) throws IOException {
        try {
            // rename(2) replaces an empty folder, so that the snapshot is never absent
            Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException refused) {
            if (isFilled(place)) {
                moveEach(folder, place);
            } else {
                Files.deleteIfExists(place); // Windows replaces no folder
                Files.move(folder, place, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static void moveEach(Path folder, Path place) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList(); // folders before what they hold
        }
        for (Path from : all) {
            Path to = place.resolve(folder.relativize(from));
            if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(to);
            } else {
                Files.move(
                        from,
                        to,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        for (Path from : all.reversed()) {
            Files.deleteIfExists(from);
        }
    }

    private void putAll(List<RemoteFile> files, Path folder) throws IOException {
        Map<String, Path> moved = new HashMap<>();
        for (RemoteFile file : files) {
            Path place = folder.resolve(CacheLayout.file(file.path()));
            Path parent = Objects.requireNonNull(place.getParent());
            Files.createDirectories(parent);
            Path blob = layout.blob(file.id(), file.etag());
            Path fresh = parent.resolve(LINK + UUID.randomUUID());
            if (!Files.exists(blob)) {
                Path twin = moved.get(file.etag());
                if (twin == null) {
                    continue; // it lies in the snapshot already, without a blob
                }
                Files.copy(twin, fresh); // two files of the same bytes, the first took the blob
            } else if (!link(file, blob, fresh)) {
                Files.move(blob, fresh);
                moved.put(file.etag(), place);
            }
            Files.move(
                    fresh,
                    place,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes a link to a blob; false where none can be made. */
    private boolean link(RemoteFile file, Path blob, Path fresh) {
        if (!links) {
            return false;
        }
        // as it must read from the snapshot, wherever the folder lies now
        Path folder =
                Objects.requireNonNull(
                        layout.snapshot(file.id(), file.commit()).resolve(file.path()).getParent());
        boolean moved =
                Files.isSymbolicLink(layout.snapshots(file.id())); // "../.." leads elsewhere then
        // the second for Windows without the right to make symbolic links; exFAT and some network
        // file systems make neither
        return disk.symbolicLink(fresh, moved ? blob.toAbsolutePath() : folder.relativize(blob))
                || disk.hardLink(fresh, blob);
    }

    private void reference(ModelId id, String commit) throws IOException {
        Path references = Files.createDirectories(layout.references(id));
        Path fresh = references.resolve(REFERENCE + UUID.randomUUID());
        Files.write(fresh, commit.getBytes(StandardCharsets.US_ASCII));
        disk.settle(fresh, layout.mainReference(id));
    }
}
