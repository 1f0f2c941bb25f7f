package dev.parlo.registry.hub;

import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.RepositoryContents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells what a repository of the Hub holds for this server: asked anew at each call, with the same
 * answers and refusals as a download of it. Safe for use by many threads.
 */
public final class RegistryEntries {
    private static final int CALLS_AT_ONCE = 4;

    private final HubClient hub;
    private final Duration patience;

    /**
     * @param patience how long the Hub may take for all calls that one question needs
     */
    public RegistryEntries(HubClient hub, Duration patience) {
        this.hub = hub;
        this.patience = patience;
    }

    /**
     * A repository, and the model in it that an id means.
     *
     * @throws RegistryException NOT_FOUND when there is no such repository, NO_VARIANT when it
     *     holds no such variant, UNSUPPORTED when it is of no format that this server runs,
     *     UNAVAILABLE also where the Hub takes too long, and as {@link HubClient#model}
     */
    public RegistryEntry find(ModelId id) {
        try (TotalTime time = new TotalTime(patience)) {
            CancelSignal signal = time.signal();
            HubModel model = hub.model(id.repository(), "main", signal);
            RepositoryContents contents =
                    model.contents(
                            id,
                            (file, most) ->
                                    hub.start(id.repository(), model.commit(), file, most, signal));
            ModelFamily family =
                    ModelFamily.of(contents)
                            .orElseThrow(() -> ModelStore.unsupported(id, contents));
            return entry(model, contents, family, id, signal);
        } catch (RegistryException refused) {
            throw ModelStore.withWayOn(id, hub.retries().told(refused, patience));
        }
    }

    private RegistryEntry entry(
            HubModel model,
            RepositoryContents contents,
            ModelFamily family,
            ModelId id,
            CancelSignal signal) {
        List<ModelId> ids = family.ids(contents);
        Optional<ModelId> meant = meant(family, contents, id);
        SortedMap<String, Long> files = new TreeMap<>();
        if (meant.isPresent()) {
            List<String> wanted = family.filesToDownload(contents);
            files.putAll(sizes(model, wanted));
            if (files.containsValue(-1L) && !model.gated()) { // a mirror that gives no sizes
                hub.describe(id.repository(), model, wanted, CALLS_AT_ONCE, signal)
                        .forEach(file -> files.put(file.path(), file.size()));
            }
        }
        List<RegistryEntry.Variant> variants = new ArrayList<>();
        for (ModelId each : ids) {
            List<String> wanted = family.filesToDownload(contents.named(each));
            variants.add(new RegistryEntry.Variant(each, RegistryEntry.sum(sizes(model, wanted))));
        }
        ModelCard card = model.card(family, meant.orElse(id.repository()), contents);
        return new RegistryEntry(
                meant.isPresent() ? card : card.withoutVoices(),
                meant.isPresent(),
                files,
                variants);
    }

    /** The model that an id means; empty where the repository is asked for, and holds several. */
    private static Optional<ModelId> meant(
            ModelFamily family, RepositoryContents contents, ModelId id) {
        try {
            return Optional.of(family.meant(contents));
        } catch (RegistryException several) {
            if (id.variant().isEmpty() && several.category() == Category.NO_VARIANT) {
                return Optional.empty();
            }
            throw several;
        }
    }

    private static SortedMap<String, Long> sizes(HubModel model, List<String> files) {
        SortedMap<String, Long> sizes = new TreeMap<>();
        for (String file : files) {
            HubModel.Blob blob = model.blobs().get(file);
            sizes.put(file, blob == null ? -1L : blob.size());
        }
        return sizes;
    }
}
