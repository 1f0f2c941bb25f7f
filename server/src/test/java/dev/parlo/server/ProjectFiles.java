package dev.parlo.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the project's files from a test, wherever it was started. */
public final class ProjectFiles {
    private ProjectFiles() {}

    /** The folder with {@code models/} and the parent pom. */
    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath();
                folder != null;
                folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("models"))
                    && Files.isRegularFile(folder.resolve("pom.xml"))) {
                return folder;
            }
        }
        throw new IllegalStateException("The test runs outside of the project");
    }
}
