package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A list of a commit's files. {@code huggingface_hub} 1.x keeps that of the whole repository in
 * {@code trees/COMMIT.json}: it fills a snapshot file by file, so the list alone tells whether the
 * snapshot is finished. This program keeps one in the same format of the files that it fetched, in
 * a place of its own, since huggingface_hub would take a shorter list for the whole repository.
 *
 * @param sizes bytes by path
 */
public record TreeListing(SortedMap<String, Long> sizes) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGEST = 32L << 20;
    private static final int VERSION = 1;

    public TreeListing {
        sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
    }

    /** Adds files to the list in a file, which is made where there is none. */
    public static void add(Path file, Map<String, Long> sizes) throws IOException {
        SortedMap<String, Long> all = new TreeMap<>(sizes);
        read(file).ifPresent(known -> known.sizes().forEach(all::putIfAbsent));
        ObjectNode root = JSON.createObjectNode().put("format_version", VERSION);
        ObjectNode files = root.putObject("files");
        all.forEach((name, size) -> files.putObject(name).put("size", size));
        Path folder = Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path fresh = folder.resolve("." + UUID.randomUUID());
        Files.write(fresh, JSON.writeValueAsBytes(root));
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads a list; empty when there is none, or one of another version. */
    static Optional<TreeListing> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
            return Optional.empty();
        }
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException broken) {
            return Optional.empty(); // huggingface_hub passes over such a file, too
        }
        if (root.path("format_version").asInt(0) != VERSION || !root.path("files").isObject()) {
            return Optional.empty();
        }
        SortedMap<String, Long> sizes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("files").properties()) {
            JsonNode large = entry.getValue().path("lfs_size");
            sizes.put(
                    entry.getKey(),
                    (large.isNumber() ? large : entry.getValue().path("size")).asLong(-1));
        }
        return Optional.of(new TreeListing(sizes));
    }
}
