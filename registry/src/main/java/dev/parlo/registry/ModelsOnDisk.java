package dev.parlo.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ids that folders on disk may be models of, by their names; what is in them is read later. */
final class ModelsOnDisk {
    private static final Logger LOG = LoggerFactory.getLogger(ModelsOnDisk.class);

    private ModelsOnDisk() {}

    /** Folders {@code owner/name}, and folders {@code name} that hold files themselves. */
    static List<ModelId> plain(Path root) {
        List<ModelId> ids = new ArrayList<>();
        for (String owner : subfolders(root)) {
            List<String> names = subfolders(root.resolve(owner));
            if (holdsFiles(root.resolve(owner))) {
                ModelId.tryParse(owner).ifPresent(ids::add);
            }
            for (String name : names) {
                ModelId.tryParse(owner + "/" + name).ifPresent(ids::add);
            }
        }
        return ids;
    }

    /** Folders of a cache in the layout of {@code huggingface_hub}. */
    static List<ModelId> cached(Path root) {
        return subfolders(root).stream()
                .flatMap(folder -> ModelId.ofCacheFolder(folder).stream())
                .toList();
    }

    private static boolean holdsFiles(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(Files::isRegularFile);
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }

    private static List<String> subfolders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            LOG.warn("passing over {}: {}", folder, unreadable.toString());
            return List.of();
        }
    }
}
