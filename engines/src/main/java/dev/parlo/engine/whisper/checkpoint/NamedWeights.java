package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Weights that their file names, with or without the prefixes of what wrapped the model. */
final class NamedWeights implements Weights {
    /** Wrappers leave them before every name: the model's own, torch.compile's, data parallel's. */
    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

    private final String file;
    private final TransformersConfig config;
    private final Map<String, Tensor> tensors = new HashMap<>();

    /**
     * @param file the name of the file, for messages
     * @throws EngineException of category BAD_MODEL when two tensors have one name
     */
    NamedWeights(String file, Map<String, Tensor> tensors, TransformersConfig config) {
        this.file = file;
        this.config = config;
        tensors.forEach((name, tensor) -> {
            if (this.tensors.putIfAbsent(plain(name), tensor) != null) {
                throw bad(
                        String.format(
                                Locale.ROOT, "holds '%s' twice, with and without prefix", name));
            }
        });
    }

    private static String plain(String name) {
        String plain = name;
        for (boolean more = true; more; ) {
            more = false;
            for (String prefix : PREFIXES) {
                if (plain.startsWith(prefix)) {
                    plain = plain.substring(prefix.length());
                    more = true;
                }
            }
        }
        return plain;
    }

    @Override
    public Optional<Tensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public EngineException missing(String name) {
        return bad(
                String.format(
                        Locale.ROOT,
                        "has no '%s'; it is not a complete Whisper checkpoint of %d and %d"
                                + " layers, as its config.json says",
                        name,
                        config.encoderLayers(),
                        config.decoderLayers()));
    }

    private EngineException bad(String problem) {
        return new EngineException(EngineException.Category.BAD_MODEL, file + " " + problem + ".");
    }
}
