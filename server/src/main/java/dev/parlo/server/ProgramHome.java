package dev.parlo.server;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the folder of the program, in which {@code models/} lies. */
public final class ProgramHome {
    private ProgramHome() {}

    /**
     * What the launcher says ({@code -Dparlo.home}), else the nearest folder above the program's
     * own files that has {@code models}, else the working directory.
     */
    public static Path find() {
        String given = System.getProperty("parlo.home");
        if (given != null) {
            return Path.of(given);
        }
        Path here = ownFiles();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("models"))) {
                return folder;
            }
        }
        return Path.of("").toAbsolutePath();
    }

    private static Path ownFiles() {
        try {
            return Path.of(
                    ProgramHome.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The program's own location is not a path", e);
        }
    }
}
