package dev.parlo.registry.hub;

import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import java.io.IOException;
import java.util.Optional;
import okhttp3.Call;
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
    private static final String AGENT = "parlo/0.1";

    private final HttpUrl endpoint;
    private final Optional<String> token;
    private final OkHttpClient metadata;
    private final OkHttpClient transfer;

    HubTransport(HubSettings settings) {
        this.endpoint = HttpUrl.get(settings.endpoint().toString());
        this.token = settings.token();
        this.metadata =
                new OkHttpClient.Builder()
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .connectTimeout(settings.metadataTimeout())
                        .readTimeout(settings.metadataTimeout())
                        .build();
        this.transfer = metadata.newBuilder().readTimeout(settings.downloadTimeout()).build();
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
        return follow(metadata, request, id, signal);
    }

    /** Asks for a file's bytes. */
    Response fetch(Request request, ModelId id, CancelSignal signal) throws IOException {
        return follow(transfer, request, id, signal);
    }

    /** A HEAD is answered by the Hub itself: it follows its own redirects, not those elsewhere. */
    Response head(Request head, ModelId id, CancelSignal signal) throws IOException {
        Request request = head;
        for (int hops = 0; hops < MOST_REDIRECTS; hops++) {
            Response response = send(metadata, request, signal);
            Optional<HttpUrl> target = redirect(response);
            if (target.isEmpty()) {
                return checked(response, id);
            }
            if (!sameOrigin(target.get())) {
                return response;
            }
            response.close();
            request = authorized(request.newBuilder().url(target.get()), target.get());
        }
        throw new IOException("too many redirects");
    }

    private Response follow(
            OkHttpClient client, Request first, @Nullable ModelId id, CancelSignal signal)
            throws IOException {
        Request request = first;
        for (int hops = 0; hops < MOST_REDIRECTS; hops++) {
            Response response = send(client, request, signal);
            Optional<HttpUrl> target = redirect(response);
            if (target.isEmpty()) {
                return checked(response, id);
            }
            response.close();
            if (endpoint.isHttps() && !target.get().isHttps()) {
                throw new RegistryException(
                        RegistryException.Category.UNAVAILABLE,
                        "The Hub redirected from https to http.");
            }
            request = authorized(request.newBuilder().url(target.get()), target.get());
        }
        throw new IOException("too many redirects");
    }

    private static Response send(OkHttpClient client, Request request, CancelSignal signal)
            throws IOException {
        Call call = client.newCall(request);
        signal.begin(call);
        try {
            Response response = call.execute();
            // the body is read after this method: the signal ends it through the same call
            return response.newBuilder()
                    .body(new EndingBody(response.body(), () -> signal.end(call)))
                    .build();
        } catch (IOException failed) {
            signal.end(call);
            throw failed;
        }
    }

    private static Optional<HttpUrl> redirect(Response response) {
        if (response.code() < 300 || response.code() >= 400) {
            return Optional.empty();
        }
        return Optional.ofNullable(response.header("Location"))
                .map(location -> response.request().url().resolve(location));
    }

    private static Response checked(Response response, @Nullable ModelId id) throws IOException {
        int status = response.code();
        if (status == 200 || status == 206) {
            return response;
        }
        try (response) {
            throw HubErrors.of(response, id);
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

    boolean sameOrigin(HttpUrl url) {
        return url.scheme().equals(endpoint.scheme())
                && url.host().equals(endpoint.host())
                && url.port() == endpoint.port();
    }

    @Override
    public void close() {
        metadata.dispatcher().executorService().shutdown();
        metadata.connectionPool().evictAll();
    }
}
