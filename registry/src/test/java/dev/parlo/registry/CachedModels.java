package dev.parlo.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A Hugging Face cache written as {@code huggingface_hub} writes it. */
final class CachedModels {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    final Path cache;

    CachedModels(Path cache) {
        this.cache = cache;
    }

    Path repository(ModelId id) {
        return cache.resolve(id.cacheFolder());
    }

    Path snapshot(ModelId id) {
        return repository(id).resolve("snapshots").resolve(COMMIT);
    }

    /** Lays a file as a blob and a relative link. */
    void file(ModelId id, String file, byte[] content) throws IOException {
        Path blobs = Files.createDirectories(repository(id).resolve("blobs"));
        Path blob = blobs.resolve("blob-" + file.replace('/', '-'));
        Files.write(blob, content);
        Path link = snapshot(id).resolve(file);
        Path directory = requireNonNull(link.getParent());
        Files.createDirectories(directory);
        Files.createSymbolicLink(link, directory.relativize(blob));
        Files.createDirectories(repository(id).resolve("refs"));
        Files.writeString(repository(id).resolve("refs/main"), COMMIT);
    }

    void files(ModelId id, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            file(id, file.getKey(), file.getValue());
        }
    }

    /** Writes trees/COMMIT.json as version 1.29 of the library does. */
    void tree(ModelId id, Map<String, byte[]> files) throws IOException {
        StringBuilder json = new StringBuilder("{\n \"format_version\": 1,\n \"files\": {");
        String between = "";
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            json.append(between)
                    .append("\n  \"" + file.getKey() + "\": {\"size\": ")
                    .append(file.getValue().length)
                    .append(", \"blob_id\": \"" + "a".repeat(40) + "\"}");
            between = ",";
        }
        Path trees = Files.createDirectories(repository(id).resolve("trees"));
        Files.writeString(trees.resolve(COMMIT + ".json"), json + "\n }\n}");
    }
}
