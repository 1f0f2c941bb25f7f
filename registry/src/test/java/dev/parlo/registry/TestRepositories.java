package dev.parlo.registry;

import dev.parlo.registry.TestRepository.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The repositories of a test's Hub: folders {@code owner/name}, read anew at each request. */
final class TestRepositories {
    private final Path folder;

    /** What was hashed once, by path: files of tests do not change. */
    private final Map<String, StoredFile> hashed = new ConcurrentHashMap<>();

    /**
     * @param folder absolute and normalised
     */
    TestRepositories(Path folder) {
        this.folder = folder;
    }

    Optional<TestRepository> find(String id) throws IOException {
        Path directory = folder.resolve(id).normalize();
        return directory.startsWith(folder) && id.contains("/") && Files.isDirectory(directory)
                ? Optional.of(new TestRepository(id, directory, hashed))
                : Optional.empty();
    }

    List<TestRepository> all() throws IOException {
        List<TestRepository> repositories = new ArrayList<>();
        try (Stream<Path> owners = Files.list(folder)) {
            for (Path owner : owners.filter(Files::isDirectory).sorted().toList()) {
                try (Stream<Path> names = Files.list(owner)) {
                    for (Path name : names.filter(Files::isDirectory).sorted().toList()) {
                        repositories.add(
                                new TestRepository(
                                        owner.getFileName() + "/" + name.getFileName(),
                                        name,
                                        hashed));
                    }
                }
            }
        }
        return repositories;
    }
}
