package dev.parlo.registry.hub;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.hub.HubModel.Blob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import okio.GzipSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds sizes and hashes of a repository's files with as few calls as the Hub allows: from the
 * model's own JSON, else from the list of its tree, else by each file's headers. Safe for use by
 * many threads.
 */
final class HubFiles {
    private static final Logger LOG = LoggerFactory.getLogger(HubFiles.class);
    private static final int MOST_FILES = 20_000;

    /** Beginnings up to this length are asked for as a range, longer ones with the whole file. */
    private static final int SHORT = 1 << 16;

    private final HubTransport transport;
    private final Retries retries;

    HubFiles(HubTransport transport, Retries retries) {
        this.transport = transport;
        this.retries = retries;
    }

    List<RemoteFile> describe(
            ModelId id, HubModel model, List<String> paths, int atOnce, CancelSignal signal) {
        Map<String, Blob> known = model.blobs();
        if (!known.keySet().containsAll(paths)) {
            known = tree(id, model.commit(), signal);
        }
        Map<String, Blob> blobs = known;
        List<Function<CancelSignal, RemoteFile>> questions = new ArrayList<>();
        for (String path : paths) {
            // The lists of a gated repository are open, its files are not: the headers of one tell,
            // before anything is written.
            boolean gate = model.gated() && questions.isEmpty();
            questions.add(stop -> {
                @Nullable Blob blob = gate ? null : blobs.get(path);
                return blob == null
                        ? byHeaders(id, model.commit(), path, stop)
                        : new RemoteFile(
                                id,
                                model.commit(),
                                path,
                                blob.etag(),
                                blob.size(),
                                address(id, model.commit(), path));
            });
        }
        return Parallel.all(questions, atOnce, signal);
    }

    /** The files of a commit; none where this Hub has no such list. */
    private Map<String, Blob> tree(ModelId id, String commit, CancelSignal signal) {
        HttpUrl.Builder address = transport.endpoint().newBuilder().addPathSegments("api/models");
        HubClient.repository(address, id).addPathSegment("tree").addPathSegment(commit);
        Map<String, Blob> blobs = new HashMap<>();
        Set<HttpUrl> asked = new HashSet<>();
        Optional<HttpUrl> page =
                Optional.of(address.addQueryParameter("recursive", "true").build());
        try {
            while (page.isPresent() && blobs.size() < MOST_FILES && asked.add(page.get())) {
                HttpUrl current = page.get();
                page = retries.run(signal, () -> treePage(id, current, blobs, signal));
            }
        } catch (RegistryException refused) {
            // The headers still tell; what is wrong with the repository itself shows there again.
            if (!Set.of(Category.NOT_FOUND, Category.UNAVAILABLE).contains(refused.category())) {
                throw refused;
            }
            LOG.debug("this Hub lists no files of {}: {}", id, refused.getMessage());
        }
        return blobs;
    }

    private Optional<HttpUrl> treePage(
            ModelId id, HttpUrl current, Map<String, Blob> blobs, CancelSignal signal)
            throws IOException {
        try (Response response = transport.ask(transport.request(current).build(), id, signal)) {
            HubClient.json(response)
                    .forEach(entry ->
                            Blob.ofTree(entry)
                                    .ifPresent(blob ->
                                            blobs.put(entry.path("path").asString(""), blob)));
            Optional<String> next = LinkHeader.next(response.headers("Link"));
            return next.isEmpty()
                    ? Optional.empty()
                    : Optional.of(transport.page(current, next.get()));
        }
    }

    /** As {@link HubClient#start}. */
    byte[] start(ModelId id, String commit, String path, int most, CancelSignal signal) {
        Request.Builder request =
                transport.request(address(id, commit, path)).header("Accept-Encoding", "identity");
        if (most <= SHORT) {
            request.header("Range", "bytes=0-" + (most - 1)); // of what may be gigabytes
        }
        return retries.run(
                signal,
                () -> {
                    try (Response response =
                            transport.fetchBeginning(request.build(), id, signal)) {
                        BufferedSource bytes =
                                RemoteBytes.isGzip(response)
                                        ? Okio.buffer(new GzipSource(response.body().source()))
                                        : response.body().source();
                        bytes.request(most);
                        return bytes.readByteArray(Math.min(most, bytes.getBuffer().size()));
                    }
                });
    }

    private RemoteFile byHeaders(ModelId id, String commit, String path, CancelSignal signal) {
        HttpUrl url = address(id, commit, path);
        Request head = transport.request(url).head().header("Accept-Encoding", "identity").build();
        return retries.run(
                signal,
                () -> {
                    FileHeaders headers = transport.head(head, id, signal);
                    if (headers.commit().isPresent() && !headers.commit().get().equals(commit)) {
                        throw HubClient.odd("another commit than the one asked for");
                    }
                    String etag =
                            headers.etag().orElseThrow(() -> HubClient.odd("a file without ETag"));
                    String size =
                            headers.size()
                                    .orElseThrow(
                                            () -> HubClient.odd("a file without Content-Length"));
                    return new RemoteFile(id, commit, path, bareEtag(etag), length(size), url);
                });
    }

    private HttpUrl address(ModelId id, String commit, String path) {
        HttpUrl.Builder builder = HubClient.repository(transport.endpoint().newBuilder(), id);
        builder.addPathSegment("resolve").addPathSegment(commit);
        for (String segment : CacheLayout.file(path).split("/", -1)) {
            builder.addPathSegment(segment);
        }
        return builder.build();
    }

    /** A blob's name has no quotes and no mark of a weak tag. */
    private static String bareEtag(String etag) {
        return (etag.startsWith("W/") ? etag.substring(2) : etag).replace("\"", "");
    }

    private static long length(String text) {
        if (!text.matches("[0-9]{1,18}")) { // other parsers would take the digits of any script
            throw HubClient.odd("a file size that is not a number of bytes");
        }
        return Long.parseLong(text);
    }
}
