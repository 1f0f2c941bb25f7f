package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.registry.ModelAliases;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.models.ModelLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When espeak-ng answers for a model that is not installed: for the shipped names of speech
 * services alone, not for the name of a model. Thread-safe.
 *
 * @param on {@code TTS_FALLBACK}
 */
record EspeakFallback(ModelLibrary library, BuiltInEspeak espeak, boolean on) {
    private static final Logger LOG = LoggerFactory.getLogger(EspeakFallback.class);

    /**
     * The model that espeak-ng stands in for, which the log is told.
     *
     * @throws RegistryException {@code missing} where it does not stand in
     * @throws ApiError 503 where it should speak and there is none on this machine
     * @throws EngineException of category NO_SPACE where the disk has no room to unpack it
     */
    ModelId instead(String name, RegistryException missing) {
        if (missing.category() != RegistryException.Category.NOT_FOUND
                && missing.category() != RegistryException.Category.NO_VARIANT) {
            throw missing;
        }
        ModelId wanted = library.resolve(name);
        boolean itself = wanted.equals(ModelId.parse(BuiltInEspeak.ID));
        if (!itself && !(on && ModelAliases.namesSpeechService(name))) {
            throw missing;
        }
        espeak.problem()
                .ifPresent(none -> {
                    // It is a matter of the disk, not of what is installed: that alone is said.
                    if (none.category() == EngineException.Category.NO_SPACE) {
                        throw none;
                    }
                    String message = String.valueOf(none.getMessage());
                    throw ApiError.of(
                                    503,
                                    itself ? message : missing.getMessage() + " " + message,
                                    "espeak_ng_missing")
                            .withCause(none);
                });
        if (itself) {
            throw missing;
        }
        LOG.warn(
                "'{}' means '{}', which is not installed: {} answers. Install it with"
                        + " `parlo model download {}` (or `POST /v1/models/{}`), or set"
                        + " TTS_FALLBACK=false to refuse.",
                name,
                wanted,
                BuiltInEspeak.ID,
                wanted,
                wanted);
        return wanted;
    }
}
