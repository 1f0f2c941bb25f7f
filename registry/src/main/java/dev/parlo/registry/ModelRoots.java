package dev.parlo.registry;

import java.nio.file.Path;
import java.util.List;

/**
 * The folders in which models are looked for, in this order of precedence.
 *
 * @param builtIn folders {@code owner/name/} shipped with the server
 * @param local folders {@code owner/name/} of the operator ({@code MODELS_PATH})
 * @param cache the Hugging Face cache ({@code models--owner--name/}); need not exist yet
 */
public record ModelRoots(List<Path> builtIn, List<Path> local, Path cache) {
    public ModelRoots {
        builtIn = builtIn.stream().map(Path::toAbsolutePath).map(Path::normalize).toList();
        local = local.stream().map(Path::toAbsolutePath).map(Path::normalize).toList();
        cache = cache.toAbsolutePath().normalize();
    }
}
