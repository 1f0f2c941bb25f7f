package dev.parlo.engine.device;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where CUDA's libraries lie that the system's loader does not look through. */
final class CudaFolders {
    private static final List<String> PYTHONS =
            List.of("/usr/lib", "/usr/local/lib", "/opt/conda/lib", "/opt/venv/lib");

    private CudaFolders() {}

    /**
     * The folders of NVIDIA's own installers and of pip's packages, those that are there.
     *
     * @param environment of the process
     */
    static List<Path> usual(Map<String, String> environment) {
        Set<Path> folders = new LinkedHashSet<>();
        matching(Path.of("/usr/local"), "cuda*")
                .forEach(cuda -> folders.add(cuda.resolve("lib64")));
        List<Path> roots = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            String root = environment.get(variable);
            if (root != null && !root.isBlank()) {
                roots.add(Path.of(root, "lib"));
            }
        }
        roots.add(Path.of(environment.getOrDefault("HOME", "/root"), ".local", "lib"));
        PYTHONS.forEach(root -> roots.add(Path.of(root)));
        for (Path root : roots) {
            for (Path python : matching(root, "python3*")) {
                for (String packages : List.of("site-packages", "dist-packages")) {
                    // A wheel for each library, or for all of one CUDA: nvidia/cublas, nvidia/cu13.
                    matching(python.resolve(packages).resolve("nvidia"), "*")
                            .forEach(wheel -> folders.add(wheel.resolve("lib")));
                }
            }
        }
        return folders.stream().filter(Files::isDirectory).toList();
    }

    private static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            entries.forEach(found::add);
        } catch (IOException | DirectoryIteratorException absent) {
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
