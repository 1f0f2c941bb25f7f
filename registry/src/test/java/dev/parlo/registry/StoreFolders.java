package dev.parlo.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A cache, models that are shipped and local ones, and what a store finds in them. */
@Tag("locale")
abstract class StoreFolders {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    @TempDir Path folder;
    Path cache;
    Path builtIn;
    Path local;
    ModelStore store;

    @BeforeEach
    void roots() throws IOException {
        cache = folder.resolve("hub");
        builtIn = Files.createDirectories(folder.resolve("models"));
        local = Files.createDirectories(folder.resolve("mine"));
        store = new ModelStore(new ModelRoots(List.of(builtIn), List.of(local), cache));
    }

    /** Lays a file as huggingface_hub does: a blob and a relative link. */
    void cached(ModelId id, String file, String content) throws IOException {
        Path blobs = Files.createDirectories(repository(id).resolve("blobs"));
        Path blob = blobs.resolve("blob-" + file.replace('/', '-'));
        Files.writeString(blob, content);
        Path link = snapshot(id).resolve(file);
        Path directory = requireNonNull(link.getParent());
        Files.createDirectories(directory);
        Files.createSymbolicLink(link, directory.relativize(blob));
        Files.createDirectories(repository(id).resolve("refs"));
        Files.writeString(repository(id).resolve("refs/main"), COMMIT);
    }

    Path repository(ModelId id) {
        return cache.resolve(id.cacheFolder());
    }

    Path snapshot(ModelId id) {
        return repository(id).resolve("snapshots").resolve(COMMIT);
    }
}
