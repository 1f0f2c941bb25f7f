package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes models from a cache; nothing outside of it is touched, whatever links it holds. */
record ModelRemoval(CacheLayout layout) {
    /**
     * The whole folder. Renamed first, so that a crash half-way never leaves half a model listed.
     */
    void removeRepository(ModelId id) throws IOException {
        Path grave = Files.createTempDirectory(layout.root(), ".deleting-");
        Files.move(layout.repository(id), grave.resolve(id.cacheFolder()));
        deleteTree(grave);
        if (Files.isDirectory(layout.locks(id), LinkOption.NOFOLLOW_LINKS)) {
            deleteTree(layout.locks(id));
        }
    }

    /** One checkpoint of several: its link and its bytes. */
    void removeCheckpoint(InstalledModel model) throws IOException {
        Path link = model.checkpoint().orElseThrow();
        Path blob = link.toRealPath();
        Files.delete(link);
        if (blob.startsWith(layout.blobs(model.id()).toRealPath())) {
            Files.deleteIfExists(blob);
        }
    }

    /** Deletes a folder; a link in it is removed, never followed. */
    private static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failed) throws IOException {
                        if (failed != null) {
                            throw failed;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
