package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes models from a cache; nothing outside of it is touched, whatever links it holds. */
public record ModelRemoval(CacheLayout layout) {
    /** How the names of folders begin that are on their way out. */
    public static final String GRAVE = ".deleting-";

    /**
     * Takes the whole repository out of the list in one step, so that a crash half-way never leaves
     * half a model listed; where it lies then, for {@link #bury}.
     */
    Path setAside(ModelId id) throws IOException {
        Path grave = Files.createTempDirectory(layout.root(), GRAVE);
        try {
            Files.move(layout.repository(id), grave.resolve(id.cacheFolder()));
        } catch (IOException failed) {
            Files.deleteIfExists(grave);
            throw failed;
        }
        return grave;
    }

    /** Deletes what was set aside, and the locks of the repository. */
    void bury(ModelId id, Path grave) throws IOException {
        deleteTree(grave);
        if (Files.isDirectory(layout.locks(id), LinkOption.NOFOLLOW_LINKS)) {
            deleteTree(layout.locks(id));
        }
    }

    /**
     * One checkpoint of several: the links and the bytes that no other one needs.
     *
     * @param needed names of blobs that are being downloaded for another one
     */
    void removeCheckpoint(InstalledModel model, List<InstalledModel> others, Set<String> needed)
            throws IOException {
        Set<Path> kept = new HashSet<>();
        for (InstalledModel other : others) {
            for (String file : other.files().keySet()) {
                kept.add(other.directory().resolve(file).toRealPath());
            }
        }
        for (String file : model.files().keySet()) {
            if (others.stream().anyMatch(other -> other.files().containsKey(file))) {
                continue; // the card and the tokens, and two precisions may share a part
            }
            Path link = model.directory().resolve(file);
            Path blob = link.toRealPath();
            Files.delete(link);
            // files of the same bytes are one blob
            if (blob.startsWith(layout.blobs(model.id()).toRealPath())
                    && !kept.contains(blob)
                    && !needed.contains(String.valueOf(blob.getFileName()))) {
                Files.deleteIfExists(blob);
            }
        }
    }

    /**
     * Deletes a folder; a link in it is removed, never followed. What another process deletes at
     * the same time is passed over.
     */
    public static void deleteTree(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failed)
                            throws IOException {
                        if (failed instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failed;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failed) throws IOException {
                        if (failed != null && !(failed instanceof NoSuchFileException)) {
                            throw failed;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
