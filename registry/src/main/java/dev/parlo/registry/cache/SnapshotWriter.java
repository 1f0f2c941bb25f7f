package dev.parlo.registry.cache;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.hub.RemoteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Makes a snapshot of fetched blobs visible: a folder of relative links that appears in one step,
 * then refs/main. A crash before that leaves nothing that would be listed as installed.
 */
final class SnapshotWriter {
    /** How the names begin of what is not yet in its place: a snapshot, a link, a reference. */
    static final String STAGING = ".staging-";

    static final String LINK = ".link-";
    static final String REFERENCE = ".main-";

    private final CacheLayout layout;
    private final Disk disk;

    SnapshotWriter(CacheLayout layout, Disk disk) {
        this.layout = layout;
        this.disk = disk;
    }

    void write(ModelId id, String commit, List<RemoteFile> files) {
        Path snapshot = layout.snapshot(id, commit);
        try {
            Files.createDirectories(layout.snapshots(id));
            if (Files.exists(snapshot, LinkOption.NOFOLLOW_LINKS)) {
                for (RemoteFile file : files) {
                    link(file, snapshot);
                }
            } else {
                Path staging = layout.repository(id).resolve(STAGING + UUID.randomUUID());
                Path folder = staging.resolve(commit);
                for (RemoteFile file : files) {
                    link(file, folder);
                }
                Files.move(folder, snapshot, StandardCopyOption.ATOMIC_MOVE);
                Files.delete(staging);
            }
            disk.syncFolder(snapshot);
            disk.syncFolder(layout.snapshots(id));
            reference(id, commit);
        } catch (IOException failed) {
            throw Disk.failure(snapshot, failed);
        }
    }

    /** The link as it must read from the snapshot, wherever the folder lies now. */
    private void link(RemoteFile file, Path folder) throws IOException {
        Path link = folder.resolve(CacheLayout.file(file.path()));
        Path parent = Objects.requireNonNull(link.getParent());
        Files.createDirectories(parent);
        Path blob = layout.blob(file.id(), file.etag());
        Path target =
                Objects.requireNonNull(
                                layout.snapshot(file.id(), file.commit())
                                        .resolve(file.path())
                                        .getParent())
                        .relativize(blob);
        Path fresh = parent.resolve(LINK + UUID.randomUUID());
        try {
            Files.createSymbolicLink(fresh, target);
        } catch (UnsupportedOperationException | FileSystemException refused) {
            Files.createLink(fresh, blob); // Windows without the right to make symbolic links
        }
        Files.move(
                fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void reference(ModelId id, String commit) throws IOException {
        Path references = Files.createDirectories(layout.references(id));
        Path fresh = references.resolve(REFERENCE + UUID.randomUUID());
        Files.write(fresh, commit.getBytes(StandardCharsets.US_ASCII));
        disk.settle(fresh, layout.mainReference(id));
    }
}
