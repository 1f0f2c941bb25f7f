package dev.parlo.registry.hub;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Turns the Hub's refusals into this module's categories. */
final class HubErrors {
    private static final Duration LONGEST = Duration.ofDays(1);

    private HubErrors() {}

    /**
     * The exception for an answer that is no success.
     *
     * @throws IOException instead of returning, when the same call may succeed later
     */
    static RegistryException of(Response response, @Nullable ModelId id) throws IOException {
        int status = response.code();
        if (status == 429 || status >= 500) {
            throw new TryLaterException(status, retryAfter(response.header("Retry-After")));
        }
        if (status == 416) {
            throw new IOException("it refused the range");
        }
        String code = Objects.requireNonNullElse(response.header("X-Error-Code"), "");
        boolean token = response.request().header("Authorization") != null;
        String name = id == null ? "The model list" : "Model '" + id + "'";
        if (code.equals("GatedRepo")) {
            var failure =
                    new RegistryException(
                            Category.GATED,
                            name
                                    + " is a gated repository and requires authentication. Set the"
                                    + " HF_TOKEN environment variable to a valid Hugging Face token"
                                    + " with access to this model.");
            return token
                    ? failure.withHint(
                            "The token that is set has none: its owner has to accept the model's"
                                    + " terms on the Hub.")
                    : failure;
        }
        boolean missing =
                status == 404
                        || code.equals("RepoNotFound")
                        || code.equals("RevisionNotFound")
                        || code.equals("EntryNotFound")
                        || (status == 401 && id != null && !token);
        if (missing) {
            var failure = new RegistryException(Category.NOT_FOUND, name + " not found");
            return token
                    ? failure
                    : failure.withHint(
                            "If it is private, set HF_TOKEN to a token that may read it.");
        }
        if (status == 401 || status == 403) {
            return new RegistryException(
                    Category.UNAUTHORIZED,
                    name
                            + (token
                                    ? " is refused to this HF_TOKEN: it is invalid, expired or lacks"
                                            + " read access."
                                    : " is refused without a token; set HF_TOKEN."));
        }
        return new RegistryException(
                Category.UNAVAILABLE, name + " cannot be had: the Hub answered " + status + ".");
    }

    /** Seconds or a date; null when absent or odd. */
    static @Nullable Duration retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        try {
            Duration wait =
                    header.strip().matches("\\d{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(header.strip()))
                            : Duration.between(
                                    Instant.now(),
                                    ZonedDateTime.parse(
                                            header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME));
            return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        } catch (DateTimeException odd) {
            return null;
        }
    }
}
