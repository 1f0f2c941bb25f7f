package dev.parlo.registry;

import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that lie complete on this machine: built in, in the operator's folders, in the Hugging
 * Face cache. Nothing is asked of the Hub. What a folder held is remembered until one of its
 * folders changes, so that listing costs a few file times per model. A folder that cannot be read
 * is logged and passed over. Safe for use by many threads.
 */
public final class ModelStore {
    private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);

    private final ModelRoots roots;
    private final CacheLayout layout;
    private final List<PartOfServer> partsOfServer;
    private final RepositoryReader reader = new RepositoryReader();
    private final RememberedReadings remembered = new RememberedReadings();
    private final ModelRemoval removal;
    private final Refusals refusals;
    private final DownloadsUnderWay downloads = new DownloadsUnderWay();
    private final RefusedRepositories refused = new RefusedRepositories();

    public ModelStore(ModelRoots roots) {
        this(roots, List.of(), false);
    }

    /**
     * @param partsOfServer models without files of their own, which take part in every list
     * @param offline whether nothing can be downloaded, so that no refusal recommends it
     */
    public ModelStore(ModelRoots roots, List<PartOfServer> partsOfServer, boolean offline) {
        this.roots = roots;
        this.refusals = new Refusals(offline);
        this.partsOfServer = List.copyOf(partsOfServer);
        this.layout = new CacheLayout(roots.cache());
        this.removal = new ModelRemoval(layout);
    }

    public CacheLayout layout() {
        return layout;
    }

    /** Every installed model, by family, then by id; one entry per id. */
    public List<InstalledModel> list() {
        Map<ModelId, InstalledModel> models = new LinkedHashMap<>();
        partsOfServer.forEach(part -> add(models, Optional.of(part.reading())));
        for (Path root : roots.builtIn()) {
            ModelsOnDisk.plain(root).forEach(id -> add(models, plain(root, id, Origin.BUILT_IN)));
        }
        for (Path root : roots.local()) {
            ModelsOnDisk.plain(root).forEach(id -> add(models, plain(root, id, Origin.LOCAL)));
        }
        ModelsOnDisk.cached(layout.root()).forEach(id -> add(models, cached(id)));
        return models.values().stream()
                .sorted(
                        Comparator.comparing(InstalledModel::family)
                                .thenComparing(InstalledModel::id))
                .toList();
    }

    /** The installed models of one task. */
    public List<InstalledModel> list(ModelTask task) {
        return list().stream().filter(model -> model.task() == task).toList();
    }

    /** The built-in models. */
    public List<InstalledModel> builtIn() {
        return list().stream().filter(model -> model.origin() == Origin.BUILT_IN).toList();
    }

    /** An installed model by its id; a plain id also means the only checkpoint installed. */
    public Optional<InstalledModel> find(ModelId id) {
        return readings(id).stream().flatMap(reading -> reading.model(id).stream()).findFirst();
    }

    /**
     * Whether the repository of an installed model may hold files of it that are not here, without
     * that showing on disk: only the Hub can tell.
     */
    public boolean mayLackFiles(InstalledModel model) {
        return readings(model.id()).stream()
                .filter(reading -> reading.models().contains(model))
                .anyMatch(reading -> reading.perhapsIncomplete().contains(model.id()));
    }

    /** The commit of the repository that is in the cache, where a model of it can be used. */
    public Optional<String> cachedCommit(ModelId id) {
        return cached(id).stream()
                .flatMap(reading -> reading.models().stream())
                .map(InstalledModel::revision)
                .findFirst();
    }

    /** As {@link #require(ModelId, List)}, of any family. */
    public InstalledModel require(ModelId id) {
        return require(id, List.of(ModelFamily.values()));
    }

    /**
     * An installed model by its id.
     *
     * @param families what the caller can use, for the models that a refusal names as ready
     * @throws RegistryException NOT_FOUND when it is not installed or not completely (the message
     *     names the command that downloads it, where one can), UNSUPPORTED when it is of no format
     *     this server runs, BROKEN when its files cannot be used
     */
    public InstalledModel require(ModelId id, List<ModelFamily> families) {
        List<RepositoryReader.Reading> readings = readings(id);
        for (RepositoryReader.Reading reading : readings) {
            Optional<InstalledModel> model = reading.model(id);
            if (model.isPresent()) {
                return model.get();
            }
        }
        boolean others = readings.stream().anyMatch(reading -> !reading.models().isEmpty());
        for (RepositoryReader.Reading reading : readings) {
            Unusable why = reading.unusable().get(id);
            // one of whose repository other models can be used is not there, and not broken
            if (why == null && (!others || id.variant().isEmpty())) {
                why = reading.unusable().get(id.repository());
            }
            if (why != null) {
                throw refusals.unusable(id, why);
            }
        }
        List<InstalledModel> variants =
                readings.stream().flatMap(reading -> reading.models().stream()).toList();
        Optional<RegistryException> inVain =
                variants.isEmpty() ? refused.reason(id) : Optional.empty();
        if (inVain.isPresent()) {
            throw inVain.get().again();
        }
        List<ModelId> ready =
                builtIn().stream()
                        .filter(model -> families.contains(model.family()))
                        .map(InstalledModel::id)
                        .toList();
        throw refusals.notInstalled(id, variants, ready);
    }

    /**
     * Removes a model from the cache: its whole repository, of whatever kind, or one checkpoint
     * when the id names a variant of several.
     *
     * @throws RegistryException CONFLICT for a model that is built in, in the operator's folders or
     *     being downloaded; NOT_FOUND when there is no such repository
     */
    public void delete(ModelId id) {
        if (!Files.isDirectory(layout.repository(id))) {
            Optional<InstalledModel> model = find(id);
            if (model.isPresent()) {
                throw keep(model.get());
            }
            throw new RegistryException(Category.NOT_FOUND, "Model repo not found: " + id);
        }
        Optional<RepositoryReader.Reading> reading = cached(id);
        List<InstalledModel> cached =
                reading.map(RepositoryReader.Reading::models).orElse(List.of());
        Optional<InstalledModel> model =
                id.variant().isEmpty()
                        ? cached.stream().filter(found -> found.id().equals(id)).findFirst()
                        : reading.flatMap(found -> found.model(id));
        if (!id.variant().isEmpty() && model.isEmpty()) {
            throw new RegistryException(
                    Category.NOT_FOUND,
                    "Model repo not found: "
                            + id
                            + (cached.isEmpty()
                                    ? ""
                                    : ". Installed of it: "
                                            + cached.stream().map(InstalledModel::id).toList()));
        }
        requireNoLink(id);
        try {
            Optional<Path> grave = Optional.empty();
            synchronized (downloads) {
                boolean oneOfSeveral =
                        cached.size() > 1
                                || !id.variant().isEmpty() && downloads.of(id).isPresent();
                if (model.isPresent() && oneOfSeveral) {
                    requireNone(id, downloads.ofModel(model.get().id()));
                    List<InstalledModel> others =
                            cached.stream().filter(other -> !other.equals(model.get())).toList();
                    removal.removeCheckpoint(model.get(), others, downloads.blobs(id));
                } else {
                    requireNone(id, downloads.of(id));
                    grave = Optional.of(removal.setAside(id));
                }
            }
            if (grave.isPresent()) {
                removal.bury(id, grave.get());
            }
        } catch (IOException failed) {
            LOG.warn("removing {}: {}", layout.repository(id), failed.toString());
            throw new RegistryException(
                    Category.IO,
                    "Model '"
                            + id
                            + "' could not be removed from the cache (HF_HUB_CACHE): "
                            + DiskReason.of(failed)
                            + ".",
                    failed);
        } finally {
            forget(id);
        }
    }

    /**
     * Remembers that a repository cannot be used, as its download or the Hub told: nobody is told
     * to download it, for as long as this server runs.
     *
     * @param why of category UNSUPPORTED
     */
    public void refused(ModelId id, RegistryException why) {
        refused.add(id, why);
    }

    /** Whether a model of this id came with the server, and is found before all others. */
    public boolean isBuiltIn(ModelId id) {
        return find(id).filter(model -> model.origin() == Origin.BUILT_IN).isPresent();
    }

    /**
     * Whether nothing is known of a repository: nothing of it lies here, no download of it was in
     * vain, and it is none of those that are known to be of no use.
     */
    public boolean isUnheardOf(ModelId id) {
        return !id.owner().isEmpty()
                && readings(id).isEmpty()
                && refused.reason(id).isEmpty()
                && Alternatives.instead(id).isEmpty();
    }

    /** A repository that must not be deleted; closing it allows that again. */
    public interface Use extends AutoCloseable {
        /**
         * Keeps these from being deleted with another model of the repository; to be told before
         * looking which of them are there.
         *
         * @param blobs by their names in the cache
         */
        void needs(Collection<String> blobs);

        @Override
        void close();
    }

    /**
     * Keeps a model, and its whole repository, from being deleted until the returned handle is
     * closed; other models of the repository can be.
     */
    public Use use(ModelId id) {
        return downloads.begin(id);
    }

    private static void requireNone(ModelId id, Optional<ModelId> download) {
        if (download.isPresent()) {
            throw new RegistryException(
                    Category.CONFLICT,
                    "Model '"
                            + download.get()
                            + "' is being downloaded; cancel the download first"
                            + (download.get().equals(id) ? "." : ", to delete '" + id + "'."));
        }
    }

    /**
     * The refusal for a repository of no supported family, which names the way on if one is known.
     */
    public static RegistryException unsupported(ModelId id, RepositoryContents contents) {
        return Refusals.unsupported(id, OtherForms.of(contents).orElse(""));
    }

    /** The Hub's refusal of a repository with the way on, where one is known. */
    public static RegistryException withWayOn(ModelId id, RegistryException refused) {
        return switch (refused.category()) {
            case NOT_FOUND, GATED, UNAUTHORIZED, FORBIDDEN ->
                    Alternatives.of(id)
                            .or(() -> id.owner().isEmpty() ? Refusals.noId() : Optional.empty())
                            .map(refused::withHint)
                            .orElse(refused);
            default -> refused;
        };
    }

    /** Why a model cannot be used whose files were just fetched. */
    public RegistryException unusable(ModelId id) {
        Unusable why =
                cached(id)
                        .map(reading ->
                                reading.unusable()
                                        .getOrDefault(
                                                id,
                                                reading.unusable()
                                                        .getOrDefault(
                                                                id.repository(),
                                                                new Unusable.Unsupported(""))))
                        .orElse(new Unusable.Unsupported(""));
        return Refusals.fetchedInVain(id, why);
    }

    /** Reads a repository again at its next use. */
    public void forget(ModelId id) {
        remembered.forget(layout.repository(id));
    }

    /**
     * What was moved to another disk and linked is not deleted: the folder behind the link may hold
     * other files too, and removing only the link would leave the bytes there.
     */
    private void requireNoLink(ModelId id) {
        for (Path folder : List.of(layout.repository(id), layout.snapshots(id), layout.blobs(id))) {
            if (Files.isSymbolicLink(folder)) {
                throw new RegistryException(
                        Category.CONFLICT,
                        "Model '"
                                + id
                                + "' lies behind a link that was put into the cache, and is not"
                                + " deleted by the server; remove the link and the folder it leads"
                                + " to by hand.");
            }
        }
    }

    private static RegistryException keep(InstalledModel model) {
        return new RegistryException(
                Category.CONFLICT,
                model.origin() == Origin.BUILT_IN
                        ? "Model '" + model.id() + "' is built in and cannot be deleted."
                        : "Model '"
                                + model.id()
                                + "' lies in the operator's model folder and is not deleted by the"
                                + " server; remove the folder by hand.");
    }

    private List<RepositoryReader.Reading> readings(ModelId id) {
        List<RepositoryReader.Reading> readings = new ArrayList<>();
        // Only the one that is meant: finding a part may take a moment, and others need not wait.
        partsOfServer.stream()
                .filter(part -> part.id().equals(id.repository()))
                .map(PartOfServer::reading)
                .forEach(readings::add);
        roots.builtIn().forEach(root -> plain(root, id, Origin.BUILT_IN).ifPresent(readings::add));
        roots.local().forEach(root -> plain(root, id, Origin.LOCAL).ifPresent(readings::add));
        cached(id).ifPresent(readings::add);
        return readings;
    }

    private static void add(
            Map<ModelId, InstalledModel> models, Optional<RepositoryReader.Reading> reading) {
        reading.ifPresent(
                found -> found.models().forEach(model -> models.putIfAbsent(model.id(), model)));
    }

    private Optional<RepositoryReader.Reading> plain(Path root, ModelId id, Origin origin) {
        Path folder = root.resolve(id.repository().toString());
        return remembered.reading(folder, id, () -> reader.readPlain(root, id, origin));
    }

    private Optional<RepositoryReader.Reading> cached(ModelId id) {
        return remembered.reading(
                layout.repository(id), id, () -> reader.readCached(layout, id.repository()));
    }
}
