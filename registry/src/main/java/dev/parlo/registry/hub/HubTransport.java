package dev.parlo.registry.hub;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes calls to the Hub and follows its redirects by hand, so that the token goes to the
 * endpoint's own origin (scheme, host and port) and to no other. Safe for use by many threads.
 */
final class HubTransport implements AutoCloseable {
    private static final int MOST_REDIRECTS = 8;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String AGENT = "parlo/0.1";

    private final HttpUrl endpoint;

    /** The endpoint's path, "" for none: a mirror may live below one. */
    private final String prefix;

    private final Optional<String> token;
    private final Connections connections;

    HubTransport(HubSettings settings) {
        this.endpoint = HttpUrl.get(settings.endpoint().toString());
        this.prefix = endpoint.encodedPath().replaceAll("/+$", "");
        this.token = settings.token();
        this.connections = new Connections(settings);
    }

    HttpUrl endpoint() {
        return endpoint;
    }

    /** A request with the agent's name and, where it may be, the token. */
    Request.Builder request(HttpUrl url) {
        return authorized(new Request.Builder().url(url).header("User-Agent", AGENT), url)
                .newBuilder();
    }

    /** Asks for something short. */
    Response ask(Request request, @Nullable ModelId id, CancelSignal signal) throws IOException {
        return follow(connections.metadata(), request, id, false, signal);
    }

    /**
     * Asks for a file's bytes.
     *
     * @throws StoreRefusedException when the place the Hub redirects to refuses them
     */
    Response fetch(Request request, ModelId id, CancelSignal signal) throws IOException {
        return follow(connections.transfer(), request, id, true, signal);
    }

    /** Asks for the first bytes of a file, as {@link #fetch}. */
    Response fetchBeginning(Request request, ModelId id, CancelSignal signal) throws IOException {
        return follow(connections.beginnings(), request, id, true, signal);
    }

    /** Asks a file's store by an address that a redirect gave before. */
    Response fetchStored(Request request, ModelId id, CancelSignal signal) throws IOException {
        Response response = connections.send(connections.transfer(), request, signal);
        return REDIRECTS.contains(response.code())
                ? refused(response)
                : checked(response, id, true);
    }

    /**
     * A file's headers. The Hub's own answer names size and hash ({@code X-Linked-*}) where it
     * redirects to a store, whose headers mean something else; a redirect without them is a
     * mirror's or a renamed repository's and is followed.
     */
    FileHeaders head(Request head, ModelId id, CancelSignal signal) throws IOException {
        Request request = head;
        FileHeaders headers = FileHeaders.NONE;
        for (int hops = 0; hops < MOST_REDIRECTS; hops++) {
            try (Response response = connections.send(connections.metadata(), request, signal)) {
                headers = headers.and(response);
                Optional<HttpUrl> target = redirect(response);
                if (target.isEmpty()) {
                    checked(response, id, false);
                    return headers.orOwn(response);
                }
                if (headers.isComplete()) {
                    return headers;
                }
                request = redirected(request, target.get());
            }
        }
        throw new IOException("too many redirects");
    }

    /**
     * The address of a list's next page. One at another origin, as mirrors that copy the Hub's
     * answers give it, is asked of the endpoint itself.
     */
    HttpUrl page(HttpUrl current, String link) throws IOException {
        HttpUrl page = current.resolve(link);
        if (page == null) {
            throw new IOException("the address of the list's next page cannot be used");
        }
        if (sameOrigin(page)) {
            return prefixed(page);
        }
        String path = page.encodedPath();
        return endpoint.newBuilder()
                .encodedPath(path.startsWith(prefix + "/") ? path : prefix + path)
                .encodedQuery(page.encodedQuery())
                .build();
    }

    private Response follow(
            OkHttpClient client,
            Request first,
            @Nullable ModelId id,
            boolean stored,
            CancelSignal signal)
            throws IOException {
        Request request = first;
        for (int hops = 0; hops < MOST_REDIRECTS; hops++) {
            Response response = connections.send(client, request, signal);
            Optional<HttpUrl> target = redirect(response);
            if (target.isEmpty()) {
                return checked(response, id, stored && hops > 0);
            }
            response.close();
            request = redirected(request, target.get());
        }
        throw new IOException("too many redirects");
    }

    private Request redirected(Request request, HttpUrl target) {
        if (request.url().isHttps() && !target.isHttps()) {
            throw new RegistryException(
                    RegistryException.Category.UNAVAILABLE,
                    "The Hub redirected from https to http.");
        }
        return authorized(request.newBuilder().url(target), target);
    }

    /**
     * Where an answer sends to; empty for one that is none of that.
     *
     * @throws RegistryException UNAVAILABLE when it sends to no http address: another try would too
     */
    private Optional<HttpUrl> redirect(Response response) {
        if (!REDIRECTS.contains(response.code())) {
            return Optional.empty();
        }
        @Nullable String location = response.header("Location");
        @Nullable HttpUrl target =
                location == null ? null : response.request().url().resolve(location);
        if (target == null) {
            response.close();
            throw HubClient.odd(
                    location == null
                            ? response.code() + " without the address to go to"
                            : response.code() + " and sends to what is not an http address");
        }
        return Optional.of(prefixed(target));
    }

    /**
     * A mirror below a path often passes on the Hub's own {@code Location: /api/…}, which means the
     * Hub's root and has to be asked for below that path.
     */
    private HttpUrl prefixed(HttpUrl url) {
        String path = url.encodedPath();
        boolean hubs = path.startsWith("/api/") || path.contains("/resolve/");
        return !prefix.isEmpty() && sameOrigin(url) && hubs && !path.startsWith(prefix + "/")
                ? url.newBuilder().encodedPath(prefix + path).build()
                : url;
    }

    /**
     * @param stored whether the answer comes from where a file was redirected to
     */
    private Response checked(Response response, @Nullable ModelId id, boolean stored)
            throws IOException {
        int status = response.code();
        if (status == 200 || status == 206) {
            return response;
        }
        boolean hubs =
                response.header("X-Error-Code") != null
                        || response.header("X-Error-Message") != null;
        boolean later = status == 416 || status == 429 || status >= 500;
        if (stored && !hubs && !later) {
            return refused(response);
        }
        try (response) {
            throw HubErrors.of(response, id, token.isPresent());
        }
    }

    private static Response refused(Response response) throws IOException {
        try (response) {
            throw new StoreRefusedException(
                    Objects.requireNonNull(response).request().url().host(), response.code());
        }
    }

    /** The token for the endpoint's own origin, none for any other. */
    private Request authorized(Request.Builder request, HttpUrl target) {
        request.removeHeader("Authorization");
        if (sameOrigin(target)) {
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        }
        return request.build();
    }

    private boolean sameOrigin(HttpUrl url) {
        return url.scheme().equals(endpoint.scheme())
                && url.host().equals(endpoint.host())
                && url.port() == endpoint.port();
    }

    @Override
    public void close() {
        connections.close();
    }
}
