package dev.parlo.server;

import java.nio.file.Files;
import java.util.List;

/** Looks whether the folder of local models can be read before anything is started. */
final class ModelsFolder {
    private ModelsFolder() {}

    /**
     * A folder that is given is meant: without it the server would start and know no model.
     *
     * @throws SettingsException when it is given and is not there, or cannot be read
     */
    static void check(Settings.Files files) {
        files.models()
                .filter(given -> !Files.isDirectory(given) || !Files.isReadable(given))
                .ifPresent(given -> {
                    throw new SettingsException(
                            List.of(
                                    "MODELS_PATH: got "
                                            + given
                                            + ", accepted: a folder that is there and can be"
                                            + " read."));
                });
    }
}
