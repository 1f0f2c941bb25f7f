package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code model_aliases.json}. */
public final class AliasesFuzz {
    private AliasesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = Files.createTempFile("aliases", ".json");
        try {
            Files.write(file, input);
            ModelAliases aliases = ModelAliases.open(file);
            aliases.entries().keySet().forEach(aliases::resolve);
        } catch (RegistryException refused) {
            if (refused.category() != RegistryException.Category.INVALID_ALIASES) {
                throw refused;
            }
        } finally {
            Files.delete(file);
        }
    }
}
