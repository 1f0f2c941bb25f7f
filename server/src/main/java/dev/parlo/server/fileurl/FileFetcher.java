package dev.parlo.server.fileurl;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.UploadSpool;
import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.UploadLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches recordings from web addresses that clients name, who must not reach through this server
 * what they cannot reach themselves. Every address, also of a redirect, is checked where it is
 * connected to; proxies are not used, since a proxy would look the name up once more. Only hosts
 * are logged and shown: an address may hold a signature or a password. Thread-safe.
 */
public final class FileFetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileFetcher.class);
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    /** Without a byte. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final int SHOWN = 100;

    private final FileUrlSettings settings;
    private final UploadLimits limits;
    private final NetworkSettings network;
    private final Dns names;
    private @Nullable OkHttpClient client;

    /**
     * @param limits the largest file, and where it is put
     * @param network whose certificates are trusted
     * @param names looks up hosts
     */
    public FileFetcher(
            FileUrlSettings settings, UploadLimits limits, NetworkSettings network, Dns names) {
        this.settings = settings;
        this.limits = limits;
        this.network = network;
        this.names = names;
    }

    /**
     * A recording on disk.
     *
     * @param contentType as its server named it
     */
    public record Fetched(UploadSpool.Upload upload, @Nullable String contentType)
            implements AutoCloseable {
        @Override
        public void close() {
            upload.close();
        }
    }

    /**
     * Fetches a file; blocks until it is here.
     *
     * @throws ApiError 400 for an address that is not accepted or does not answer with a file, 413
     *     for a file that is too large, 504 where it took too long
     * @throws EngineException CANCELLED, NO_SPACE
     */
    public Fetched fetch(String address, Cancellation cancellation) {
        if (!settings.enabled()) {
            throw refused(
                    "Files are not fetched from web addresses here. Send the file itself; the"
                            + " operator of the server allows addresses by FILE_URLS=true.");
        }
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        HttpUrl url = HttpUrl.parse(address.strip());
        if (url == null) {
            throw refused("file_url is not a web address. Accepted are http:// and https://.");
        }
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            check(url);
            Step step = step(url, deadline, cancellation);
            if (step.file() != null) {
                return step.file();
            }
            url = redirected(url, step.location());
        }
        throw refused("file_url redirects more than " + MOST_REDIRECTS + " times.");
    }

    /** One of the two is there. */
    private record Step(@Nullable Fetched file, @Nullable HttpUrl location) {}

    private void check(HttpUrl url) {
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw refused(
                    "file_url holds a user name or a password, which are not sent. Use an address"
                            + " that needs none, such as a signed one.");
        }
        if (!settings.allows(url.host())) {
            throw refused(
                    "Files are not fetched from the host "
                            + shown(url.host())
                            + ". The operator of the server lists the hosts in FILE_URL_HOSTS.");
        }
    }

    private static HttpUrl redirected(HttpUrl from, @Nullable HttpUrl to) {
        if (to == null) {
            throw refused("file_url redirects to something that is not a web address.");
        }
        if (from.isHttps() && !to.isHttps()) {
            throw refused("file_url redirects from https to http.");
        }
        return to;
    }

    private Step step(HttpUrl url, long deadline, Cancellation cancellation) {
        Call call = client(url, deadline).newCall(request(url));
        try (var unused = cancellation.onCancel(call::cancel);
                Response response = call.execute()) {
            if (REDIRECTS.contains(response.code())) {
                String location = response.header("Location");
                return new Step(null, location == null ? null : url.resolve(location));
            }
            if (response.code() != 200) {
                throw refused(
                        "The host "
                                + shown(url.host())
                                + " of file_url answered with status "
                                + response.code()
                                + " instead of a file.");
            }
            if (response.body().contentLength() > limits.maxFileBytes()) {
                throw tooLarge();
            }
            UploadSpool spool = new UploadSpool(limits.directory(), limits.maxFileBytes());
            UploadSpool.Upload upload = spool.spool(response.body().byteStream());
            LOG.info("Fetched {} bytes from {}", upload.bytes(), shown(url.host()));
            return new Step(new Fetched(upload, response.header("Content-Type")), null);
        } catch (IOException failure) {
            throw failed(url, failure, deadline, cancellation);
        } catch (EngineException failure) {
            if (failure.category() == EngineException.Category.TOO_LARGE) {
                throw tooLarge();
            }
            // The spool cannot tell who broke off.
            throw failure.getCause() instanceof IOException broken
                            && failure.category() == EngineException.Category.CANCELLED
                    ? failed(url, broken, deadline, cancellation)
                    : failure;
        }
    }

    private static Request request(HttpUrl url) {
        return new Request.Builder()
                .url(url)
                .header("User-Agent", "parlo/0.1")
                // As it is: a small body must not unfold into a large file.
                .header("Accept-Encoding", "identity")
                .build();
    }

    private OkHttpClient client(HttpUrl url, long deadline) {
        boolean any = settings.allowsPrivate(url.host());
        SocketFactory sockets = any ? SocketFactory.getDefault() : new PublicSockets();
        long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        return client().newBuilder()
                .socketFactory(sockets)
                .dns(any ? names : this::publicOnly)
                .callTimeout(left, TimeUnit.MILLISECONDS)
                .build();
    }

    /** A name with one address that is not public is not asked at the others, either. */
    private List<InetAddress> publicOnly(String host) throws UnknownHostException {
        List<InetAddress> addresses = names.lookup(host);
        if (!addresses.stream().allMatch(PublicAddress::isPublic)) {
            throw new UnknownHostException(host);
        }
        return addresses;
    }

    private synchronized OkHttpClient client() {
        OkHttpClient known = client;
        if (known == null) {
            OkHttpClient.Builder builder =
                    new OkHttpClient.Builder()
                            .proxy(Proxy.NO_PROXY)
                            .followRedirects(false)
                            .followSslRedirects(false)
                            .retryOnConnectionFailure(false)
                            // Each file has its own connection, whose address was checked for it.
                            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                            .connectTimeout(CONNECTING)
                            .readTimeout(SILENCE);
            network.trustIn(builder);
            known = builder.build();
            client = known;
        }
        return known;
    }

    private RuntimeException failed(
            HttpUrl url, IOException failure, long deadline, Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            return new EngineException(
                    EngineException.Category.CANCELLED, "The fetch was cancelled.", failure);
        }
        String host = shown(url.host());
        boolean late = System.nanoTime() - deadline >= 0;
        if (late || failure instanceof InterruptedIOException) {
            return ApiError.of(
                            504,
                            String.format(
                                    Locale.ROOT,
                                    "The host %s of file_url did not send the file in time; the limit is FILE_URL_TIMEOUT (%d s).",
                                    host,
                                    settings.timeout().toSeconds()),
                            "file_url_timeout")
                    .withParam("file_url");
        }
        // One sentence for all of these: which names and ports there are within this network is
        // nobody's business.
        LOG.info("The host {} was not reached: {}", host, failure.getClass().getSimpleName());
        return refused(
                "The host "
                        + host
                        + " of file_url cannot be reached from here: it is not known, does not"
                        + " answer as a web server with a certificate that is trusted, or has an"
                        + " address that is not public.");
    }

    private ApiError tooLarge() {
        return ApiError.of(
                        413,
                        "The file at file_url is larger than MAX_UPLOAD_BYTES allows ("
                                + limits.maxFileBytes()
                                + " bytes).",
                        "too_large")
                .withParam("file_url");
    }

    private static ApiError refused(String why) {
        return ApiError.of(400, why, "invalid_file_url").withParam("file_url");
    }

    private static String shown(String host) {
        String text = host.length() > SHOWN ? host.substring(0, SHOWN) + "…" : host;
        return "'" + text + "'";
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
