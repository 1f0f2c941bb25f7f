package dev.parlo.registry.hub;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Turns the Hub's refusals into this module's categories. */
final class HubErrors {
    private static final int LONGEST_TEXT = 300;

    private HubErrors() {}

    /**
     * The exception for an answer other than success.
     *
     * @param id what was asked for; null for a list
     * @param tokenSet whether there is a token, sent or not
     * @throws IOException instead of returning, when the same call may succeed later
     */
    static RegistryException of(Response response, @Nullable ModelId id, boolean tokenSet)
            throws IOException {
        int status = response.code();
        String said = said(response);
        if (status == 429 || status >= 500) {
            throw new TryLaterException(status, WaitHeaders.of(response), said);
        }
        if (status == 416) {
            throw new IOException("it refused the range");
        }
        String name = id == null ? "The model list" : "Model '" + id + "'";
        String advice = tokenAdvice(response, tokenSet);
        return switch (kind(response, id)) {
            case GATED ->
                    new RegistryException(
                                    Category.GATED,
                                    name
                                            + " is a gated repository and requires authentication."
                                            + " Set the HF_TOKEN environment variable to a valid"
                                            + " Hugging Face token with access to this model.")
                            .withHint(
                                    hint(
                                            tokenSet
                                                    ? "The token that is set has no access: its"
                                                            + " owner has to accept the model's"
                                                            + " terms on the Hub."
                                                    : "",
                                            said));
            case NOT_FOUND ->
                    new RegistryException(Category.NOT_FOUND, name + " not found")
                            .withHint(
                                    hint(
                                            tokenSet && advice.isEmpty()
                                                    ? ""
                                                    : "If it is private, set HF_TOKEN to a token"
                                                            + " that may read it. "
                                                            + advice,
                                            status == 401 ? "" : said));
            case FILE_MISSING ->
                    new RegistryException(
                            Category.NOT_FOUND,
                            name + " lacks a file or revision on the Hub." + quoted(said));
            case FORBIDDEN ->
                    new RegistryException(
                                    Category.FORBIDDEN,
                                    name
                                            + " is refused by the Hub ("
                                            + status
                                            + ")."
                                            + quoted(said))
                            .withHint(isDisabled(response) ? "" : advice);
            case UNAUTHORIZED ->
                    new RegistryException(
                                    Category.UNAUTHORIZED,
                                    name
                                            + (sent(response)
                                                    ? " is refused to this HF_TOKEN: it is invalid,"
                                                            + " expired or lacks read access."
                                                    : " is refused without a token; set HF_TOKEN.")
                                            + quoted(said))
                            .withHint(advice);
            case OTHER ->
                    new RegistryException(
                            Category.UNAVAILABLE,
                            name
                                    + " cannot be read from the Hub, which answered "
                                    + status
                                    + "."
                                    + quoted(said));
        };
    }

    private enum Kind {
        GATED,
        NOT_FOUND,
        FILE_MISSING,
        FORBIDDEN,
        UNAUTHORIZED,
        OTHER
    }

    private static Kind kind(Response response, @Nullable ModelId id) {
        int status = response.code();
        return switch (Objects.requireNonNullElse(response.header("X-Error-Code"), "")) {
            case "GatedRepo" -> Kind.GATED;
            case "RepoNotFound" -> Kind.NOT_FOUND;
            case "RevisionNotFound", "EntryNotFound" -> Kind.FILE_MISSING;
            default ->
                    switch (status) {
                        case 404 -> Kind.NOT_FOUND;
                        // without a known token the Hub gives the same answer for private and
                        // missing repositories
                        case 401 ->
                                id != null && !sent(response) ? Kind.NOT_FOUND : Kind.UNAUTHORIZED;
                        case 403 ->
                                sent(response) && !isDisabled(response)
                                        ? Kind.UNAUTHORIZED
                                        : Kind.FORBIDDEN;
                        default -> Kind.OTHER;
                    };
        };
    }

    private static boolean isDisabled(Response response) {
        return said(response).toLowerCase(Locale.ROOT).contains("disabled");
    }

    private static boolean sent(Response response) {
        return response.request().header("Authorization") != null;
    }

    /** Why a token that is set did not help. */
    private static String tokenAdvice(Response response, boolean tokenSet) {
        return tokenSet && !sent(response)
                ? "HF_TOKEN is set but was not sent, because HF_ENDPOINT redirects to "
                        + origin(response.request().url())
                        + "; to use it there, set HF_ENDPOINT to that address."
                : "";
    }

    private static String origin(HttpUrl url) {
        return url.newBuilder()
                .encodedPath("/")
                .query(null)
                .build()
                .toString()
                .replaceFirst("/$", "");
    }

    private static String hint(String own, String said) {
        return (own.strip() + quoted(said)).strip();
    }

    private static String quoted(String said) {
        return said.isEmpty() ? "" : " The Hub says: \"" + said + "\"";
    }

    /** The Hub's own words, printable and not too long; "" for none. */
    static String said(Response response) {
        String text = Objects.requireNonNullElse(response.header("X-Error-Message"), "");
        String printable = text.replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ").strip();
        return printable.length() > LONGEST_TEXT
                ? printable.substring(0, LONGEST_TEXT) + "…"
                : printable;
    }
}
