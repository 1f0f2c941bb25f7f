package dev.parlo.registry.hub;

import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Single HTTP calls, without following redirects: through the proxies and with the certificates of
 * the settings, ended by a signal, with failures that say what was in the way. The client is made
 * at the first call, as most servers never make one. Safe for use by many threads.
 */
final class Connections implements AutoCloseable {
    private static final int PROXY_REFUSES = 407;

    /** How many times as long as the wait for an answer all of a short answer may take. */
    private static final int WHOLE_ANSWER = 6;

    private final HubSettings settings;
    private final NetworkSettings network;
    private @Nullable OkHttpClient client;

    Connections(HubSettings settings) {
        this.settings = settings;
        this.network = settings.network();
    }

    /** A client for short questions. */
    synchronized OkHttpClient metadata() {
        if (client == null) {
            client = newClient();
        }
        return client;
    }

    /** A client for the beginnings of files, on the same connections. */
    OkHttpClient beginnings() {
        return metadata().newBuilder().readTimeout(possible(settings.downloadTimeout())).build();
    }

    /** A client for whole files, which may take hours, on the same connections. */
    OkHttpClient transfer() {
        return beginnings().newBuilder().callTimeout(Duration.ZERO).build();
    }

    /**
     * Makes a call.
     *
     * @throws IOException when another try may help
     * @throws RegistryException when it will not: an untrusted certificate, a proxy that refuses
     */
    Response send(OkHttpClient through, Request request, CancelSignal signal) throws IOException {
        Call call = through.newCall(request);
        signal.begin(call);
        Response response;
        try {
            response = call.execute();
        } catch (IOException failed) {
            signal.end(call);
            throw explained(request.url(), failed);
        }
        if (response.code() == PROXY_REFUSES) {
            response.close();
            signal.end(call);
            throw proxyRefuses(request.url());
        }
        // The body is read after this method: the signal ends it through the same call.
        return response.newBuilder()
                .body(new EndingBody(response.body(), () -> signal.end(call)))
                .build();
    }

    private OkHttpClient newClient() {
        OkHttpClient.Builder builder =
                new OkHttpClient.Builder()
                        .followRedirects(false)
                        .followSslRedirects(false)
                        .connectTimeout(possible(settings.metadataTimeout()))
                        .readTimeout(possible(settings.metadataTimeout()))
                        // Else one that sends a byte now and then is listened to for ever.
                        .callTimeout(
                                possible(settings.metadataTimeout().multipliedBy(WHOLE_ANSWER)));
        network.applyTo(builder);
        return builder.build();
    }

    /** The client refuses times of more than some 24 days. */
    private static Duration possible(Duration time) {
        Duration most = Duration.ofMillis(Integer.MAX_VALUE);
        return time.compareTo(most) < 0 ? time : most;
    }

    private Optional<ProxyServer> proxy(String scheme, String host, int port) {
        return network.proxies().proxy(scheme, host, port);
    }

    private Optional<ProxyServer> proxy(HttpUrl url) {
        return proxy(url.scheme(), url.host(), url.port());
    }

    private IOException explained(HttpUrl url, IOException failed) {
        for (@Nullable Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || cause instanceof SSLPeerUnverifiedException) {
                throw untrusted(url, failed, cause);
            }
        }
        String text = String.valueOf(failed.getMessage());
        if (text.contains("authenticate with proxy")) {
            throw proxyRefuses(url);
        }
        String what = text;
        if (failed instanceof UnknownHostException) {
            what = "the host name '" + text.split(":", 2)[0] + "' is not known";
        } else if (failed instanceof InterruptedIOException && text.contains("timeout")) {
            what = "it did not answer in time";
        } else if (text.startsWith("unexpected end of stream")) {
            what = "it ended the connection without an answer";
        }
        return new IOException(
                what
                        + proxy(url)
                                .map(server -> ", through the proxy of " + server.description())
                                .orElse(""),
                failed);
    }

    private RegistryException untrusted(HttpUrl url, IOException failed, Throwable cause) {
        String host = url.host() + ":" + url.port();
        if (cause instanceof SSLPeerUnverifiedException) {
            return new RegistryException(
                    Category.UNAVAILABLE,
                    "The certificate that "
                            + host
                            + " shows is for another host name; nothing was sent to it.",
                    failed);
        }
        return new RegistryException(
                Category.UNAVAILABLE,
                "The certificate that "
                        + host
                        + " shows is not trusted ("
                        + cause.getMessage()
                        + "). "
                        + network.authorities().advice(),
                failed);
    }

    private RegistryException proxyRefuses(HttpUrl url) {
        return new RegistryException(
                Category.UNAVAILABLE,
                "The proxy"
                        + proxy(url).map(server -> " of " + server.description()).orElse("")
                        + " asks for a user and a password (407), or refuses those it got. Write them"
                        + " into the variable as http://user:password@host:port.");
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
