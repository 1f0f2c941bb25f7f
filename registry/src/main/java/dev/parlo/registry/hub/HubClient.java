package dev.parlo.registry.hub;

import dev.parlo.registry.CacheLayout;
import dev.parlo.registry.HubQuery;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger LOG = LoggerFactory.getLogger(HubClient.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LARGEST_ANSWER = 32L << 20;

    /** The Hub's own limit of a page. */
    private static final int PAGE = 1_000;

    /**
     * What a list is asked for. Only {@code expand} gives {@code gated}; a mirror that does not
     * know it is told by {@code cardData} what it needs beyond its usual fields.
     */
    private static final List<String> FIELDS =
            List.of(
                    "gated",
                    "private",
                    "cardData",
                    "tags",
                    "pipeline_tag",
                    "library_name",
                    "createdAt",
                    "downloads",
                    "likes");

    /** Few: a caller waits for a list, and an older answer can serve. */
    private static final int ATTEMPTS_FOR_LISTS = 2;

    private final HubSettings settings;
    private final Retries retries;
    private final HubTransport transport;
    private final HubFiles files;

    public HubClient(HubSettings settings) {
        this(settings, RetryPolicy.standard());
    }

    public HubClient(HubSettings settings, RetryPolicy policy) {
        this.settings = settings;
        this.retries = new Retries(policy, settings);
        this.transport = new HubTransport(settings);
        this.files = new HubFiles(transport, retries);
    }

    public HubSettings settings() {
        return settings;
    }

    /** How failed calls are made again. */
    public Retries retries() {
        return retries;
    }

    /**
     * The repositories a query finds, in the Hub's own order; at most {@code limit}. A page that
     * fails costs those before it nothing.
     *
     * @throws RegistryException when not even the first page can be had
     */
    ModelList models(HubQuery query, int limit, CancelSignal signal) {
        HttpUrl.Builder address = address("api", "models");
        query.filters().forEach(filter -> address.addQueryParameter("filter", filter));
        if (!query.search().isEmpty()) {
            address.addQueryParameter("search", query.search());
        }
        address.addQueryParameter("cardData", "True");
        FIELDS.forEach(field -> address.addQueryParameter("expand", field));
        if (query.withFiles()) {
            address.addQueryParameter("expand", "siblings");
        }
        address.addQueryParameter("limit", String.valueOf(Math.clamp(limit, 1, PAGE)));
        List<HubModel> models = new ArrayList<>();
        Set<HttpUrl> asked = new HashSet<>();
        Optional<HttpUrl> page = Optional.of(address.build());
        // A Hub that sends in circles is not followed for ever.
        while (page.isPresent() && models.size() < limit && asked.add(page.get())) {
            try {
                page = page(page.get(), models, signal);
            } catch (RegistryException failed) {
                if (models.isEmpty()) {
                    throw failed;
                }
                return new ModelList(models, false, failed);
            }
        }
        return models.size() <= limit
                ? new ModelList(models, page.isEmpty(), null)
                : new ModelList(models.subList(0, limit), false, null);
    }

    /** Adds the models of a page; the address of the next one. */
    private Optional<HttpUrl> page(HttpUrl current, List<HubModel> models, CancelSignal signal) {
        return retries.run(
                signal,
                Math.min(ATTEMPTS_FOR_LISTS, retries.attempts()),
                () -> {
                    try (Response response = transport.ask(get(current), null, signal)) {
                        JsonNode entries = json(response);
                        if (!entries.isArray()) {
                            throw odd("something that is not a list of models");
                        }
                        Optional<String> link = LinkHeader.next(response.headers("Link"));
                        Optional<HttpUrl> next =
                                link.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(transport.page(current, link.get()));
                        int before = models.size();
                        entries.forEach(entry -> HubModel.listed(entry).ifPresent(models::add));
                        int odd = entries.size() - (models.size() - before);
                        if (odd > 0) {
                            LOG.warn(
                                    "passing over {} entries without a usable id: {}",
                                    odd,
                                    current);
                        }
                        return next;
                    }
                });
    }

    /**
     * A repository's files, with their sizes and hashes where this Hub gives them, and its card at
     * a revision.
     *
     * @throws RegistryException NOT_FOUND, GATED, UNAUTHORIZED, FORBIDDEN, OFFLINE, RATE_LIMITED,
     *     UNAVAILABLE
     */
    public HubModel model(ModelId id, String revision, CancelSignal signal) {
        HubModel model =
                model(id, revision, retries.attempts(), signal)
                        .orElseThrow(() -> odd("a model without an id"));
        if (!CacheLayout.isCommit(model.commit())) {
            throw odd("a model without a commit");
        }
        return model;
    }

    /**
     * As {@link #model}, for a list: with as few tries as the list itself has, and empty where the
     * answer names no model or no commit, which costs a list no more than that entry.
     */
    Optional<HubModel> listedModel(ModelId id, String revision, CancelSignal signal) {
        return model(id, revision, Math.min(ATTEMPTS_FOR_LISTS, retries.attempts()), signal)
                .filter(model -> CacheLayout.isCommit(model.commit()));
    }

    private Optional<HubModel> model(
            ModelId id, String revision, int attempts, CancelSignal signal) {
        HttpUrl.Builder address = address("api", "models");
        repository(address, id).addPathSegment("revision").addPathSegment(revision);
        HttpUrl url = address.addQueryParameter("blobs", "true").build();
        return retries.run(
                signal,
                attempts,
                () -> {
                    try (Response response = transport.ask(get(url), id, signal)) {
                        return HubModel.whole(json(response));
                    }
                });
    }

    /**
     * Sizes and hashes of files, in the order of the paths.
     *
     * @param id the repository as the caller names it; the model's own id differs when it was
     *     renamed
     * @param atOnce calls side by side, where the files' headers have to be asked for
     * @throws RegistryException as {@link #model}
     */
    public List<RemoteFile> describe(
            ModelId id, HubModel model, List<String> paths, int atOnce, CancelSignal signal) {
        return files.describe(id, model, paths, atOnce, signal);
    }

    /**
     * The first bytes of a file, all of it when it is shorter; nothing is verified.
     *
     * @throws RegistryException as {@link #model}
     */
    public byte[] start(ModelId id, String commit, String path, int most, CancelSignal signal) {
        return files.start(id, commit, path, most, signal);
    }

    /** The bytes of a file. */
    public RemoteBytes bytes(RemoteFile file) {
        return new RemoteBytes(transport, file, retries);
    }

    @Override
    public void close() {
        transport.close();
    }

    private Request get(HttpUrl url) {
        return transport.request(url).build();
    }

    private HttpUrl.Builder address(String... segments) {
        HttpUrl.Builder builder = transport.endpoint().newBuilder();
        for (String segment : segments) {
            builder.addPathSegment(segment);
        }
        return builder;
    }

    static HttpUrl.Builder repository(HttpUrl.Builder builder, ModelId id) {
        if (!id.owner().isEmpty()) {
            builder.addPathSegment(id.owner());
        }
        return builder.addPathSegment(id.name());
    }

    static JsonNode json(Response response) throws IOException {
        BufferedSource source = response.body().source();
        try {
            if (source.request(LARGEST_ANSWER + 1)) {
                throw odd("more than 32 MiB of JSON");
            }
        } catch (InterruptedIOException late) {
            throw new IOException("its answer did not come whole in time", late);
        }
        try {
            return JSON.readTree(source.readByteArray());
        } catch (JacksonException notJson) {
            throw new IOException("its answer is not JSON", notJson);
        }
    }

    /** An answer that no Hub should give. */
    static RegistryException odd(String what) {
        return new RegistryException(Category.UNAVAILABLE, "The Hub answered " + what + ".");
    }
}
