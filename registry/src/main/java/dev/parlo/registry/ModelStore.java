package dev.parlo.registry;

import dev.parlo.registry.InstalledModel.Origin;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
    private final RepositoryReader.Reading partOfServer;
    private final RepositoryReader reader = new RepositoryReader();
    private final RememberedReadings remembered = new RememberedReadings();
    private final ModelRemoval removal;

    /** How many downloads use a repository; guarded by itself. */
    private final Map<ModelId, Integer> downloads = new HashMap<>();

    public ModelStore(ModelRoots roots) {
        this(roots, List.of());
    }

    /**
     * @param partOfServer models without files of their own, which are always there; see {@link
     *     InstalledModel#partOfServer}
     */
    public ModelStore(ModelRoots roots, List<InstalledModel> partOfServer) {
        this.roots = roots;
        this.partOfServer = new RepositoryReader.Reading(partOfServer, true, Map.of());
        this.layout = new CacheLayout(roots.cache());
        this.removal = new ModelRemoval(layout);
    }

    public CacheLayout layout() {
        return layout;
    }

    /** Every installed model, by family, then by id; one entry per id. */
    public List<InstalledModel> list() {
        Map<ModelId, InstalledModel> models = new LinkedHashMap<>();
        add(models, Optional.of(partOfServer));
        for (Path root : roots.builtIn()) {
            plainIds(root).forEach(id -> add(models, plain(root, id, Origin.BUILT_IN)));
        }
        for (Path root : roots.local()) {
            plainIds(root).forEach(id -> add(models, plain(root, id, Origin.LOCAL)));
        }
        cachedIds().forEach(id -> add(models, cached(id)));
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

    /** An installed model by its id. */
    public Optional<InstalledModel> find(ModelId id) {
        return readings(id).stream()
                .flatMap(reading -> reading.models().stream())
                .filter(model -> matches(model, id))
                .findFirst();
    }

    /**
     * An installed model by its id.
     *
     * @throws RegistryException NOT_FOUND when it is not installed (the message names the command
     *     that downloads it, and the built-in models), UNSUPPORTED when it is of no format this
     *     server runs
     */
    public InstalledModel require(ModelId id) {
        List<RepositoryReader.Reading> readings = readings(id);
        for (RepositoryReader.Reading reading : readings) {
            for (InstalledModel model : reading.models()) {
                if (matches(model, id)) {
                    return model;
                }
            }
        }
        Optional<ModelId> twin = WhisperTwins.of(id);
        boolean foreign =
                Files.isDirectory(layout.repository(id), LinkOption.NOFOLLOW_LINKS)
                        && readings.stream().noneMatch(RepositoryReader.Reading::supported)
                        && !isPartial(id);
        if (twin.isPresent() || foreign) {
            throw unsupported(id);
        }
        throw notInstalled(id, readings);
    }

    /**
     * Removes a model from the cache: its whole repository, of whatever kind, or one checkpoint
     * when the id names a variant of several.
     *
     * @throws RegistryException CONFLICT for a model that is built in, in the operator's folders or
     *     being downloaded; NOT_FOUND when there is no such repository
     */
    public void delete(ModelId id) {
        Path repository = layout.repository(id);
        boolean cached = Files.isDirectory(repository, LinkOption.NOFOLLOW_LINKS);
        if (!cached) {
            Optional<InstalledModel> model = find(id);
            if (model.isPresent()) {
                throw keep(model.get());
            }
            throw new RegistryException(Category.NOT_FOUND, "Model repo not found: " + id);
        }
        Optional<InstalledModel> model =
                readings(id).stream()
                        .flatMap(reading -> reading.models().stream())
                        .filter(found -> found.origin() == Origin.CACHE && matches(found, id))
                        .findFirst();
        if (!id.variant().isEmpty() && model.isEmpty()) {
            throw new RegistryException(Category.NOT_FOUND, "Model repo not found: " + id);
        }
        try {
            if (model.isPresent() && !model.get().id().variant().isEmpty()) {
                synchronized (downloads) {
                    requireNoDownload(id);
                    removal.removeCheckpoint(model.get());
                }
            } else {
                Path grave;
                synchronized (downloads) {
                    requireNoDownload(id);
                    grave = removal.setAside(id);
                }
                removal.bury(id, grave);
            }
        } catch (IOException failed) {
            throw new RegistryException(
                    Category.IO, "Model '" + id + "' could not be removed: " + failed, failed);
        } finally {
            forget(id);
        }
    }

    /** A repository that must not be deleted; closing it allows that again. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /** Keeps a repository from being deleted until the returned handle is closed. */
    public Use use(ModelId id) {
        synchronized (downloads) {
            downloads.merge(id.repository(), 1, Integer::sum);
        }
        return () -> {
            synchronized (downloads) {
                downloads.computeIfPresent(
                        id.repository(), (key, count) -> count == 1 ? null : count - 1);
            }
        };
    }

    private void requireNoDownload(ModelId id) {
        if (downloads.containsKey(id.repository())) {
            throw new RegistryException(
                    Category.CONFLICT,
                    "Model '" + id + "' is being downloaded; cancel the download first.");
        }
    }

    /** Reads a repository again at its next use. */
    public void forget(ModelId id) {
        remembered.forget(layout.repository(id));
    }

    /** The refusal for a repository of no supported family. */
    public static RegistryException unsupported(ModelId id) {
        return new RegistryException(
                Category.UNSUPPORTED,
                "Model '"
                        + id
                        + "' is not supported. Supported formats: "
                        + ModelFamily.supportedFormats()
                        + "."
                        + WhisperTwins.of(id)
                                .map(twin ->
                                        " The same model for CTranslate2 is '"
                                                + twin
                                                + "': parlo model download "
                                                + twin)
                                .orElse(""));
    }

    private RegistryException notInstalled(ModelId id, List<RepositoryReader.Reading> readings) {
        List<ModelId> variants =
                readings.stream()
                        .flatMap(reading -> reading.models().stream())
                        .map(InstalledModel::id)
                        .toList();
        if (!variants.isEmpty()) {
            return new RegistryException(
                    Category.NOT_FOUND,
                    "Model '"
                            + id
                            + "' is not installed locally. Installed of it: "
                            + variants
                            + ".");
        }
        List<ModelId> builtIn = builtIn().stream().map(InstalledModel::id).toList();
        return new RegistryException(
                Category.NOT_FOUND,
                "Model '"
                        + id
                        + "' is not installed locally. You can download the model using `POST"
                        + " /v1/models`. Command: `parlo model download "
                        + id
                        + "`."
                        + (builtIn.isEmpty() ? "" : " Built in and ready: " + builtIn + "."));
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

    /** A plain id also means the only checkpoint of its repository, and the other way round. */
    private static boolean matches(InstalledModel model, ModelId id) {
        return model.id().equals(id)
                || (model.id().variant().isEmpty()
                        && model.checkpoint()
                                .map(path -> ModelFamily.variantOf(path.getFileName().toString()))
                                .filter(id.variant()::equals)
                                .isPresent());
    }

    private boolean isPartial(ModelId id) {
        try (Stream<Path> blobs = Files.list(layout.blobs(id))) {
            return blobs.anyMatch(blob -> blob.getFileName().toString().contains("."));
        } catch (IOException none) {
            return true; // no blobs at all: a download that never began
        }
    }

    private List<RepositoryReader.Reading> readings(ModelId id) {
        List<RepositoryReader.Reading> readings = new ArrayList<>();
        if (partOfServer.models().stream().anyMatch(model -> matches(model, id))) {
            readings.add(partOfServer);
        }
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
        return remembered.reading(folder, () -> reader.readPlain(root, id, origin));
    }

    private Optional<RepositoryReader.Reading> cached(ModelId id) {
        return remembered.reading(
                layout.repository(id), () -> reader.readCached(layout, id.repository()));
    }

    /** Folders {@code owner/name}, and folders {@code name} that hold files themselves. */
    private static List<ModelId> plainIds(Path root) {
        List<ModelId> ids = new ArrayList<>();
        for (String owner : subfolders(root)) {
            List<String> names = subfolders(root.resolve(owner));
            if (holdsFiles(root.resolve(owner))) {
                ModelId.tryParse(owner).ifPresent(ids::add);
            }
            for (String name : names) {
                ModelId.tryParse(owner + "/" + name).ifPresent(ids::add);
            }
        }
        return ids;
    }

    private List<ModelId> cachedIds() {
        return subfolders(layout.root()).stream()
                .flatMap(folder -> ModelId.ofCacheFolder(folder).stream())
                .toList();
    }

    private static boolean holdsFiles(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.anyMatch(Files::isRegularFile);
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }

    private static List<String> subfolders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            LOG.warn("passing over {}: {}", folder, unreadable.toString());
            return List.of();
        }
    }
}
