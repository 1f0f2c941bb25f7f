package dev.parlo.server.speech;

import dev.parlo.engine.TextToSpeech;
import dev.parlo.registry.ModelAliases;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelEngines.ModelLease;
import dev.parlo.server.models.ModelLibrary;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends speech engines from the pool. Where the model of a shipped alias is not installed,
 * espeak-ng answers, and the client and the log are told so. Thread-safe.
 */
final class PooledTextToSpeech implements TextToSpeechModels {
    private static final Logger LOG = LoggerFactory.getLogger(PooledTextToSpeech.class);
    private static final List<ModelFamily> FAMILIES =
            Arrays.stream(ModelFamily.values())
                    .filter(family -> family.task() == ModelTask.TEXT_TO_SPEECH)
                    .toList();

    private final ModelLibrary library;
    private final ModelEngines engines;
    private final boolean fallback;

    /**
     * @param fallback {@code TTS_FALLBACK}
     */
    PooledTextToSpeech(ModelLibrary library, ModelEngines engines, boolean fallback) {
        this.library = library;
        this.engines = engines;
        this.fallback = fallback;
    }

    @Override
    public Lease lease(String name) {
        try {
            return new PooledLease(engines.lease(name, FAMILIES, null), null);
        } catch (RegistryException missing) {
            if (!fallback
                    || missing.category() != RegistryException.Category.NOT_FOUND
                    || !ModelAliases.shipped().containsKey(name)) {
                throw missing;
            }
            String wanted = library.resolve(name).toString();
            LOG.warn(
                    "'{}' means '{}', which is not installed: {} answers. Install it with"
                            + " `POST /v1/models/{}`, or set TTS_FALLBACK=false to refuse.",
                    name,
                    wanted,
                    BuiltInEspeak.ID,
                    wanted);
            return new PooledLease(
                    engines.lease(BuiltInEspeak.ID, FAMILIES, null),
                    BuiltInEspeak.ID
                            + "; instead-of=\""
                            + wanted
                            + "\"; install=\"POST /v1/models/"
                            + wanted
                            + "\"");
        }
    }

    private record PooledLease(ModelLease lease, @Nullable String fallback) implements Lease {
        @Override
        public String modelId() {
            return lease.model().id().toString();
        }

        @Override
        public TextToSpeech engine() {
            return lease.engine(TextToSpeech.class);
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
