package dev.parlo.server.llm;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the language model is.
 *
 * @param url of its API, such as {@code http://localhost:11434/v1}; empty: there is none
 * @param model asked for instead of the one that a client names
 * @param silence how long it may send nothing
 */
public record LlmSettings(
        Optional<URI> url, Optional<String> key, Optional<String> model, Duration silence) {
    /** Hides the key. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "LlmSettings[%s, key %s, model=%s]",
                url,
                key.isPresent() ? "set" : "not set",
                model);
    }
}
