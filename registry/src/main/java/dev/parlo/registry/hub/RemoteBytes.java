package dev.parlo.registry.hub;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one file on the Hub, whole or in ranges. The Hub redirects a large file to a signed
 * address of a store; that address is remembered and serves all ranges until the store refuses it,
 * since the Hub counts every call that it has to redirect. Safe for use by many threads.
 */
public final class RemoteBytes {
    /** Takes the bytes of a file from an offset on; called once, while the connection is open. */
    public interface Receiver {
        /**
         * @param start the offset at which the bytes begin: the one asked for, or 0 when the server
         *     ignored the range
         */
        void receive(BufferedSource bytes, long start) throws IOException;
    }

    private final HubTransport transport;
    private final RemoteFile file;
    private final Retries retries;

    /** Held while the Hub is asked where the file lies, so that it is asked once. */
    private final ReentrantLock resolving = new ReentrantLock();

    private final AtomicReference<@Nullable HttpUrl> stored = new AtomicReference<>();

    RemoteBytes(HubTransport transport, RemoteFile file, Retries retries) {
        this.transport = transport;
        this.file = file;
        this.retries = retries;
    }

    /**
     * Asks once for the bytes from {@code start} to {@code end} (exclusive).
     *
     * @throws IOException when the connection fails or the answer does not fit: worth another try
     * @throws dev.parlo.registry.RegistryException when another try would not help
     */
    public void read(long start, long end, CancelSignal signal, Receiver receiver)
            throws IOException {
        retries.requireOnline();
        boolean whole = start == 0 && end == file.size();
        String range = whole ? null : "bytes=" + start + "-" + (end - 1);
        boolean encodedRange;
        try (Response response = open(range, signal)) {
            encodedRange = isGzip(response) && response.code() == 206;
            if (!encodedRange) {
                receive(response, start, end, receiver);
            }
        }
        if (encodedRange) {
            // A range of the compressed bytes: only the whole can be read then.
            try (Response response = open(null, signal)) {
                receive(response, 0, file.size(), receiver);
            }
        }
    }

    private void receive(Response response, long start, long end, Receiver receiver)
            throws IOException {
        if (isGzip(response)) {
            // Some proxies compress although "identity" was asked for; the length is theirs then.
            receiver.receive(Okio.buffer(new GzipSource(response.body().source())), 0);
            return;
        }
        long first = 0;
        long promised = file.size();
        if (response.code() == 206) {
            ContentRange range =
                    ContentRange.parse(
                            Objects.requireNonNullElse(response.header("Content-Range"), ""));
            if (range.first() != start || range.last() >= end || range.total() != file.size()) {
                throw new IOException("the Hub answered another range than the one asked for");
            }
            first = start;
            promised = range.last() - range.first() + 1;
        }
        long length = response.body().contentLength();
        if (length >= 0 && length != promised) {
            throw new CorruptAnswerException(
                    "announced " + promised + " bytes but sends " + length);
        }
        receiver.receive(response.body().source(), first);
    }

    private Response open(@Nullable String range, CancelSignal signal) throws IOException {
        @Nullable HttpUrl known = stored.get();
        if (known != null) {
            try {
                return transport.fetchStored(request(known, range), file.id(), signal);
            } catch (StoreRefusedException expired) {
                // The signature has run out: the Hub gives a fresh one, unless another range has
                // asked for it meanwhile.
                stored.compareAndSet(known, null);
            }
        }
        signal.take(resolving::tryLock);
        try {
            @Nullable HttpUrl found = stored.get();
            if (found != null) {
                return transport.fetchStored(request(found, range), file.id(), signal);
            }
            Response response = transport.fetch(request(file.address(), range), file.id(), signal);
            stored.set(response.request().url());
            return response;
        } finally {
            resolving.unlock();
        }
    }

    private Request request(HttpUrl url, @Nullable String range) {
        Request.Builder request = transport.request(url).header("Accept-Encoding", "identity");
        return (range == null ? request : request.header("Range", range)).build();
    }

    static boolean isGzip(Response response) throws IOException {
        String encoding =
                Objects.requireNonNullElse(response.header("Content-Encoding"), "identity")
                        .strip()
                        .toLowerCase(Locale.ROOT);
        return switch (encoding) {
            case "gzip", "x-gzip" -> true;
            case "identity", "" -> false;
            default ->
                    throw new IOException(
                            "the file comes encoded as "
                                    + encoding
                                    + " although identity was asked for");
        };
    }
}
