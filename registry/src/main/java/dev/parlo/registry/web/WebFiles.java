package dev.parlo.registry.web;

import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.registry.web.WebFileException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
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
 * Fetches files from web addresses that somebody else names, who must not reach through this
 * process what they cannot reach themselves. Every address, also of a redirect, is checked where it
 * is connected to; proxies are not used, since a proxy would look the name up once more. Only hosts
 * are logged and shown. Thread-safe.
 */
public final class WebFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebFiles.class);
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    /** Without a byte. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final int SHOWN = 100;

    private final WebHosts hosts;
    private final NetworkSettings network;
    private final Dns names;
    private @Nullable OkHttpClient client;

    /**
     * @param network whose certificates are trusted
     * @param names looks up hosts
     */
    public WebFiles(WebHosts hosts, NetworkSettings network, Dns names) {
        this.hosts = hosts;
        this.network = network;
        this.names = names;
    }

    /**
     * How much one fetch may take.
     *
     * @param bytes of the file
     * @param time for all of it, redirects included
     */
    public record Limits(long bytes, Duration time) {}

    /** Takes a file while it comes. */
    public interface Receiver<T> {
        /**
         * @param type as its server named it
         * @throws IOException of the stream: the rest of the file does not come
         */
        T receive(InputStream file, @Nullable String type) throws IOException;
    }

    /** Takes an action back when it is closed. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Whatever may end a fetch early. */
    public interface Ending {
        /** Never. */
        Ending NEVER =
                new Ending() {
                    @Override
                    public Registration onEnd(Runnable action) {
                        return () -> {};
                    }

                    @Override
                    public boolean isEnded() {
                        return false;
                    }
                };

        /** Has an action run when it ends, until that is closed. */
        Registration onEnd(Runnable action);

        boolean isEnded();
    }

    /**
     * Fetches a file; blocks until it is received.
     *
     * @throws WebFileException where it is not fetched
     */
    public <T> T fetch(String address, Limits limits, Ending ending, Receiver<T> receiver) {
        long deadline = System.nanoTime() + limits.time().toNanos();
        HttpUrl url = HttpUrl.parse(address.strip());
        if (url == null) {
            throw new WebFileException(
                    Reason.REFUSED_ADDRESS,
                    "",
                    "The address is not a web address. Accepted are http:// and https://.");
        }
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            check(url);
            switch (new Fetch(url, deadline, limits, ending).step(receiver)) {
                case Step.Received<T>(T file) -> {
                    return file;
                }
                case Step.Elsewhere<T>(HttpUrl location) -> url = redirected(url, location);
            }
        }
        throw refused(url, "The address redirects more than " + MOST_REDIRECTS + " times.");
    }

    private sealed interface Step<T> {
        record Received<T>(T file) implements Step<T> {}

        record Elsewhere<T>(@Nullable HttpUrl location) implements Step<T> {}
    }

    private void check(HttpUrl url) {
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            throw refused(
                    url,
                    "The address holds a user name or a password, which are not sent. Use one that"
                            + " needs none, such as a signed one.");
        }
        if (!hosts.allows(url.host())) {
            throw new WebFileException(
                    Reason.REFUSED_HOST,
                    shown(url),
                    "Files are not fetched from the host " + shown(url) + ".");
        }
    }

    private static HttpUrl redirected(HttpUrl from, @Nullable HttpUrl to) {
        if (to == null) {
            throw refused(from, "The address redirects to something that is not a web address.");
        }
        if (from.isHttps() && !to.isHttps()) {
            throw refused(from, "The address redirects from https to http.");
        }
        return to;
    }

    private static WebFileException refused(HttpUrl url, String why) {
        return new WebFileException(Reason.REFUSED_ADDRESS, shown(url), why);
    }

    private static String shown(HttpUrl url) {
        String host = url.host();
        return "'" + (host.length() > SHOWN ? host.substring(0, SHOWN) + "…" : host) + "'";
    }

    /** One question to one host. */
    private final class Fetch {
        private final HttpUrl url;
        private final long deadline;
        private final Limits limits;
        private final Ending ending;

        Fetch(HttpUrl url, long deadline, Limits limits, Ending ending) {
            this.url = url;
            this.deadline = deadline;
            this.limits = limits;
            this.ending = ending;
        }

        <T> Step<T> step(Receiver<T> receiver) {
            Call call = client(url, deadline).newCall(request(url));
            try (var unused = ending.onEnd(call::cancel);
                    Response response = call.execute()) {
                if (REDIRECTS.contains(response.code())) {
                    String location = response.header("Location");
                    return new Step.Elsewhere<>(location == null ? null : url.resolve(location));
                }
                if (response.code() != 200) {
                    throw new WebFileException(
                            Reason.NO_FILE,
                            shown(url),
                            "The host "
                                    + shown(url)
                                    + " answered with status "
                                    + response.code()
                                    + " instead of a file.");
                }
                if (response.body().contentLength() > limits.bytes()) {
                    throw tooLarge();
                }
                return new Step.Received<>(
                        receiver.receive(
                                new Counted(response.body().byteStream()),
                                response.header("Content-Type")));
            } catch (IOException failure) {
                throw failed(failure);
            }
        }

        private WebFileException tooLarge() {
            return new WebFileException(
                    Reason.TOO_LARGE,
                    shown(url),
                    "The file at "
                            + shown(url)
                            + " is larger than "
                            + limits.bytes()
                            + " bytes, the limit.");
        }

        private WebFileException failed(IOException failure) {
            if (ending.isEnded()) {
                return new WebFileException(
                        Reason.CANCELLED, shown(url), "The fetch was cancelled.", failure);
            }
            boolean late = System.nanoTime() - deadline >= 0;
            if (late || failure instanceof InterruptedIOException) {
                return new WebFileException(
                        Reason.TIMEOUT,
                        shown(url),
                        "The host "
                                + shown(url)
                                + " did not send the file in time; the limit is "
                                + limits.time().toSeconds()
                                + " s.",
                        failure);
            }
            // One sentence for all of these: which names and ports there are within this network is
            // nobody's business.
            LOG.info(
                    "The host {} was not reached: {}",
                    shown(url),
                    failure.getClass().getSimpleName());
            return new WebFileException(
                    Reason.UNREACHABLE,
                    shown(url),
                    "The host "
                            + shown(url)
                            + " cannot be reached from here: it is not known, does not answer as a"
                            + " web server with a certificate that is trusted, or has an address"
                            + " that is not public.",
                    failure);
        }

        /** What a server says of a file's length is a claim. */
        private final class Counted extends FilterInputStream {
            private long left = limits.bytes();

            Counted(InputStream file) {
                super(file);
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = super.read(bytes, offset, length);
                left -= Math.max(0, read);
                if (left < 0) {
                    throw tooLarge();
                }
                return read;
            }
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
        boolean any = hosts.allowsPrivate(url.host());
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

    @Override
    public synchronized void close() {
        if (client != null) {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
