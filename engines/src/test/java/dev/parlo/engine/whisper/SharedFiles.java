package dev.parlo.engine.whisper;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the reference files that lie beside the repository; tests on them skip where they don't.
 */
public final class SharedFiles {
    private SharedFiles() {}

    public static Path find(String name) {
        for (String root : new String[] {"../../shared", "../shared"}) {
            Path path = Path.of(root, name);
            if (Files.exists(path)) {
                return path;
            }
        }
        assumeTrue(false, "SKIPPED: " + name + " is not among the shared reference files");
        throw new IllegalStateException("unreachable");
    }

    /** The demo model that is part of the repository. */
    public static Path builtInModel() {
        for (String root : new String[] {"..", "."}) {
            Path path = Path.of(root, "models/parlo/whisper-nano.en");
            if (Files.exists(path)) {
                return path;
            }
        }
        throw new IllegalStateException("models/parlo/whisper-nano.en is missing");
    }
}
