package dev.parlo.spark;

import dev.parlo.registry.hub.NetworkSettings;
import dev.parlo.registry.web.WebFileException;
import dev.parlo.registry.web.WebFiles;
import dev.parlo.registry.web.WebHosts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Whether and from where recordings are fetched from the web.
 *
 * @param hosts the only ones, each a name or {@code *.name} for all below it; empty: every host
 *     with a public address
 * @param privateHosts names, or addresses as they are written in a URL, that may have any address
 * @param timeout for all of a fetch
 */
public record WebSettings(List<String> hosts, List<String> privateHosts, Duration timeout)
        implements Serializable {
    public WebSettings {
        hosts = List.copyOf(hosts);
        privateHosts = List.copyOf(privateHosts);
    }

    /** Every public host, half an hour each. */
    public static WebSettings defaults() {
        return new WebSettings(List.of(), List.of(), Duration.ofMinutes(30));
    }

    /** A recording is not fetched, for a reason in a sentence. */
    static final class NotFetched extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        NotFetched(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Fetches a recording into the checkpoint.
     *
     * @param most bytes
     * @return where it is
     * @throws NotFetched where it is cannot be fetched
     * @throws UncheckedIOException where the checkpoint cannot be written
     */
    String fetch(Recording recording, long most, Checkpoint checkpoint) {
        WebHosts allowed = new WebHosts(hosts, privateHosts);
        NetworkSettings network = NetworkSettings.of(System.getenv());
        try (WebFiles files = new WebFiles(allowed, network, Dns.SYSTEM)) {
            return files.fetch(
                    recording.address(),
                    new WebFiles.Limits(most, timeout),
                    WebFiles.Ending.NEVER,
                    (file, type) -> kept(recording, file, checkpoint));
        } catch (WebFileException refused) {
            throw new NotFetched(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** What fails to be read is the web's fault, what fails to be written is not. */
    private static String kept(Recording recording, InputStream file, Checkpoint checkpoint)
            throws IOException {
        AtomicReference<@Nullable IOException> unread = new AtomicReference<>();
        try {
            return checkpoint.keepFetched(recording, out -> copy(file, out, unread));
        } catch (IOException failure) {
            if (failure == unread.get()) {
                throw failure;
            }
            throw new UncheckedIOException(failure);
        }
    }

    private static void copy(
            InputStream file, OutputStream out, AtomicReference<@Nullable IOException> unread)
            throws IOException {
        byte[] block = new byte[1 << 16];
        while (true) {
            int read;
            try {
                read = file.read(block);
            } catch (IOException failure) {
                unread.set(failure);
                throw failure;
            }
            if (read < 0) {
                return;
            }
            out.write(block, 0, read);
        }
    }
}
