package dev.parlo.registry.hub;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.HubQuery;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks the Hugging Face Hub's HTTP protocol: model lists, model info, file headers, file bytes.
 * The token goes to the endpoint's own origin only, redirects are followed by hand for that reason.
 * Safe for use by many threads; close it to give its connections back.
 *
 * <p>Source: the protocol as {@code huggingface_hub} 0.35 speaks it.
 */
public final class HubClient implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGEST_ANSWER = 32L << 20;
    private static final int MOST_PAGES = 20;
    private static final int PAGE = 500;

    /** A list is asked for by someone who waits, and an older answer may serve. */
    private static final int ATTEMPTS_FOR_LISTS = 2;

    private final HubSettings settings;
    private final RetryPolicy retries;
    private final HubTransport transport;

    public HubClient(HubSettings settings) {
        this(settings, RetryPolicy.standard());
    }

    public HubClient(HubSettings settings, RetryPolicy retries) {
        this.settings = settings;
        this.retries = retries;
        this.transport = new HubTransport(settings);
    }

    public HubSettings settings() {
        return settings;
    }

    public RetryPolicy retries() {
        return retries;
    }

    /** The repositories a query finds, in the Hub's own order; at most {@code limit}. */
    List<HubModel> models(HubQuery query, int limit, CancelSignal signal) {
        HttpUrl.Builder address = address("api", "models");
        query.filters().forEach(filter -> address.addQueryParameter("filter", filter));
        if (!query.search().isEmpty()) {
            address.addQueryParameter("search", query.search());
        }
        address.addQueryParameter("cardData", "True");
        address.addQueryParameter("limit", String.valueOf(Math.clamp(limit, 1, PAGE)));
        List<HubModel> models = new ArrayList<>();
        Optional<HttpUrl> page = Optional.of(address.build());
        for (int pages = 0;
                page.isPresent() && pages < MOST_PAGES && models.size() < limit;
                pages++) {
            HttpUrl current = page.get();
            page =
                    retrying(
                            signal,
                            Math.min(ATTEMPTS_FOR_LISTS, retries.attempts()),
                            () -> {
                                try (Response response =
                                        transport.ask(get(current), null, signal)) {
                                    JsonNode entries = json(response);
                                    entries.forEach(
                                            entry -> HubModel.of(entry).ifPresent(models::add));
                                    return next(response, current);
                                }
                            });
        }
        return models.size() <= limit ? models : models.subList(0, limit);
    }

    /**
     * A repository's files and card at a revision.
     *
     * @throws RegistryException NOT_FOUND, GATED, UNAUTHORIZED, OFFLINE, RATE_LIMITED, UNAVAILABLE
     */
    public HubModel model(ModelId id, String revision, CancelSignal signal) {
        HttpUrl.Builder address = address("api", "models");
        repository(address, id).addPathSegment("revision").addPathSegment(revision);
        HttpUrl url = address.build();
        return retrying(
                signal,
                () -> {
                    try (Response response = transport.ask(get(url), id, signal)) {
                        HubModel model =
                                HubModel.of(json(response))
                                        .orElseThrow(() -> odd("a model without an id"));
                        if (!CacheLayout.isCommit(model.commit())) {
                            throw odd("a model without a commit");
                        }
                        return model;
                    }
                });
    }

    /** A file's size and hash, by its headers. */
    public RemoteFile describe(ModelId id, String commit, String path, CancelSignal signal) {
        HttpUrl.Builder builder = repository(address(), id);
        builder.addPathSegment("resolve").addPathSegment(commit);
        for (String segment : CacheLayout.file(path).split("/", -1)) {
            builder.addPathSegment(segment);
        }
        HttpUrl url = builder.build();
        Request head = transport.request(url).head().header("Accept-Encoding", "identity").build();
        return retrying(
                signal,
                () -> {
                    try (Response response = transport.head(head, id, signal)) {
                        // of a redirect only the Linked headers speak of the file
                        boolean elsewhere = response.isRedirect();
                        String etag =
                                header(
                                        response,
                                        "X-Linked-Etag",
                                        elsewhere ? "X-Linked-Etag" : "ETag");
                        String size =
                                header(
                                        response,
                                        "X-Linked-Size",
                                        elsewhere ? "X-Linked-Size" : "Content-Length");
                        String served = response.header("X-Repo-Commit", commit);
                        if (!commit.equals(served)) {
                            throw odd("another commit than the one asked for");
                        }
                        return new RemoteFile(id, commit, path, bareEtag(etag), length(size), url);
                    }
                });
    }

    /** Takes the bytes of a file from an offset on; called once, while the connection is open. */
    public interface Receiver {
        /**
         * @param start the offset at which the bytes begin: the one asked for, or 0 when the server
         *     ignored the range
         */
        void receive(BufferedSource bytes, long start) throws IOException;
    }

    /**
     * Asks once for the bytes from {@code start} to {@code end} (exclusive).
     *
     * @throws IOException when the connection fails or the answer does not fit: worth another try
     * @throws RegistryException when another try would not help
     */
    public void read(RemoteFile file, long start, long end, CancelSignal signal, Receiver receiver)
            throws IOException {
        requireOnline();
        boolean whole = start == 0 && end == file.size();
        Request.Builder request =
                transport.request(file.address()).header("Accept-Encoding", "identity");
        if (!whole) {
            request.header("Range", "bytes=" + start + "-" + (end - 1));
        }
        try (Response response = transport.fetch(request.build(), file.id(), signal)) {
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
    }

    @Override
    public void close() {
        transport.close();
    }

    /** Makes a call again while that can help, within the policy. */
    private <T> T retrying(CancelSignal signal, Attempt<T> attempt) {
        return retrying(signal, retries.attempts(), attempt);
    }

    private <T> T retrying(CancelSignal signal, int attempts, Attempt<T> attempt) {
        requireOnline();
        for (int failures = 1; ; failures++) {
            signal.check();
            try {
                return attempt.run();
            } catch (IOException failed) {
                signal.check();
                if (failures >= attempts) {
                    throw unavailable(failed);
                }
                signal.pause(pause(failed, failures));
            }
        }
    }

    /** The pause before the next call; throws when the Hub asks for a longer wait than allowed. */
    public Duration pause(IOException failed, int failures) {
        if (failed instanceof TryLaterException later && later.after().isPresent()) {
            Duration after = later.after().get();
            if (after.compareTo(retries.longestRetryAfter()) > 0) {
                throw unavailable(failed);
            }
            return after;
        }
        return retries.pause(failures);
    }

    /** What the caller is told when no further try is made. */
    public RegistryException unavailable(IOException failed) {
        if (failed instanceof TryLaterException later && later.status() == 429) {
            return new RegistryException(
                    Category.RATE_LIMITED,
                    "The Hub at "
                            + origin()
                            + " limits the rate of calls"
                            + later.after()
                                    .map(after -> "; try again in " + after.toSeconds() + " s")
                                    .orElse("; try again later")
                            + ".",
                    failed,
                    later.after().orElse(null));
        }
        return new RegistryException(
                Category.UNAVAILABLE,
                "The Hub at " + origin() + " cannot be used: " + failed.getMessage() + ".",
                failed);
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    private void requireOnline() {
        if (settings.offline()) {
            throw new RegistryException(
                    Category.OFFLINE,
                    "HF_HUB_OFFLINE is set, so the Hub is not asked. Unset it, or copy the model's"
                            + " folder into the cache.");
        }
    }

    private Request get(HttpUrl url) {
        return transport.request(url).build();
    }

    private String origin() {
        HttpUrl endpoint = transport.endpoint();
        return endpoint.scheme() + "://" + endpoint.host() + ":" + endpoint.port();
    }

    private HttpUrl.Builder address(String... segments) {
        HttpUrl.Builder builder = transport.endpoint().newBuilder();
        for (String segment : segments) {
            builder.addPathSegment(segment);
        }
        return builder;
    }

    private static HttpUrl.Builder repository(HttpUrl.Builder builder, ModelId id) {
        if (!id.owner().isEmpty()) {
            builder.addPathSegment(id.owner());
        }
        return builder.addPathSegment(id.name());
    }

    /** The next page; never one on another origin, which would get the token's queries. */
    private Optional<HttpUrl> next(Response response, HttpUrl current) {
        return LinkHeader.next(response.headers("Link"))
                .map(current::resolve)
                .filter(transport::sameOrigin)
                .filter(url -> !url.equals(current));
    }

    private static JsonNode json(Response response) throws IOException {
        BufferedSource source = response.body().source();
        if (source.request(LARGEST_ANSWER + 1)) {
            throw odd("more than 32 MiB of JSON");
        }
        try {
            return JSON.readTree(source.readByteArray());
        } catch (JacksonException notJson) {
            throw new IOException("its answer is not JSON", notJson);
        }
    }

    private static String header(Response response, String preferred, String otherwise) {
        String value = response.header(preferred);
        String found = value == null ? response.header(otherwise) : value;
        if (found == null) {
            throw odd("a file without " + otherwise);
        }
        return found;
    }

    /** Weak marks and quotes are no part of a blob's name. */
    private static String bareEtag(String etag) {
        return (etag.startsWith("W/") ? etag.substring(2) : etag).replace("\"", "");
    }

    private static long length(String text) {
        try {
            long length = Long.parseLong(text);
            if (length >= 0) {
                return length;
            }
        } catch (NumberFormatException notNumber) {
            throw odd("a file size that is no number");
        }
        throw odd("a negative file size");
    }

    private static RegistryException odd(String what) {
        return new RegistryException(Category.UNAVAILABLE, "The Hub answered " + what + ".");
    }
}
