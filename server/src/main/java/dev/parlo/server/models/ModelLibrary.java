package dev.parlo.server.models;

import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelAliases;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelRoots;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.PartOfServer;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.server.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models by the names that clients use: aliases, ids, what is installed. Thread-safe. */
public final class ModelLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLibrary.class);

    private final ModelAliases aliases;
    private final ModelStore store;
    private final Consumer<ModelId> missing;
    private final Runnable afterDelete;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    public ModelLibrary(ModelAliases aliases, ModelStore store) {
        this(aliases, store, id -> {}, () -> {});
    }

    /**
     * @param missing called before a model that is not installed is refused; may install it
     * @param afterDelete removes what was made from a model that is gone
     */
    private ModelLibrary(
            ModelAliases aliases,
            ModelStore store,
            Consumer<ModelId> missing,
            Runnable afterDelete) {
        this.aliases = aliases;
        this.store = store;
        this.missing = missing;
        this.afterDelete = afterDelete;
    }

    /**
     * The library that the settings describe.
     *
     * @param home the folder of the program, where {@code models/} lies
     * @throws RegistryException INVALID_ALIASES when the alias file is there and no good
     */
    public static ModelLibrary open(Settings settings, Path home) {
        return open(settings, store(settings, home));
    }

    /** The same over a store that others use, too. */
    public static ModelLibrary open(Settings settings, ModelStore store) {
        return new ModelLibrary(
                ModelAliases.open(settings.files().aliases()),
                store,
                id -> {},
                () -> WhisperEngine.forgetDeletedCheckpoints(settings.files().cacheFolder()));
    }

    /** What is installed where the settings say. */
    public static ModelStore store(Settings settings, Path home) {
        return store(settings, home, List.of());
    }

    /**
     * The same with models that are part of the server.
     *
     * @param partsOfServer without files of their own
     */
    public static ModelStore store(Settings settings, Path home, List<PartOfServer> partsOfServer) {
        return new ModelStore(
                new ModelRoots(
                        List.of(home.resolve("models")),
                        settings.files().models().stream().toList(),
                        settings.hub().cache()),
                partsOfServer,
                settings.hub().offline());
    }

    /** The same library that tries to install what is asked for and missing. */
    public ModelLibrary installing(Consumer<ModelId> installer) {
        return new ModelLibrary(aliases, store, installer, afterDelete);
    }

    /**
     * The same library, which learns more of a model that is missing before it is refused.
     *
     * @param teacher asks the Hub and tells the store
     */
    public ModelLibrary learning(Consumer<ModelId> teacher) {
        return installing(id -> {
            // What an alias means was chosen by the operator; others may stand in for it.
            if (!aliases().containsValue(id)) {
                teacher.accept(id);
            }
        });
    }

    /**
     * The id that an alias or an id means.
     *
     * @throws RegistryException INVALID_ID
     */
    public ModelId resolve(String name) {
        return hidesBuiltIn(name, aliases.entries()) ? ModelId.parse(name) : aliases.resolve(name);
    }

    /** The aliases that count. */
    public Map<String, ModelId> aliases() {
        Map<String, ModelId> counting = new LinkedHashMap<>(aliases.entries());
        counting.keySet().removeIf(name -> hidesBuiltIn(name, aliases.entries()));
        return counting;
    }

    /**
     * Built-in models stand in for others and find the speech in every recording: the server asks
     * for them by their ids, which mean nothing else whatever a file of aliases says.
     */
    private boolean hidesBuiltIn(String name, Map<String, ModelId> entries) {
        if (name.indexOf('/') < 0 || !entries.containsKey(name)) {
            return false;
        }
        boolean hides = ModelId.tryParse(name).filter(store::isBuiltIn).isPresent();
        if (hides && warned.add(name)) {
            LOG.warn("the alias '{}' is passed over: a built-in model has this id", name);
        }
        return hides;
    }

    public List<InstalledModel> installed() {
        return store.list();
    }

    /** The installed models of one task. */
    public List<InstalledModel> installed(ModelTask task) {
        return store.list(task);
    }

    public Optional<InstalledModel> find(String name) {
        return store.find(resolve(name));
    }

    /** Whether a model of exactly this id is installed. */
    public boolean has(ModelId id) {
        return store.find(id).filter(model -> model.id().equals(id)).isPresent();
    }

    /**
     * An installed model; nothing is downloaded.
     *
     * @throws RegistryException as {@link #require(String)}
     */
    public InstalledModel installed(ModelId id) {
        return store.require(id);
    }

    /**
     * The installed model of a name.
     *
     * @throws RegistryException NOT_FOUND naming the command that installs it, BROKEN, UNSUPPORTED,
     *     INVALID_ID
     */
    public InstalledModel require(String name) {
        return installed(name, List.of(ModelFamily.values()));
    }

    private InstalledModel installed(String name, List<ModelFamily> families) {
        ModelId id = resolve(name);
        if (store.find(id).isEmpty()) {
            missing.accept(id);
        }
        return store.require(id, families);
    }

    /**
     * The installed model of a name, which has to be of one of these families.
     *
     * @throws RegistryException as {@link #require(String)}
     */
    public InstalledModel require(String name, List<ModelFamily> families) {
        InstalledModel model = installed(name, families);
        if (!families.contains(model.family())) {
            throw new RegistryException(
                    Category.UNSUPPORTED,
                    "Model '"
                            + model.id()
                            + "' is not supported. If you think this is a mistake, please open an"
                            + " issue. (Its task is "
                            + model.task()
                            + "; this needs "
                            + String.join(
                                    " or ",
                                    families.stream().map(f -> f.task().tag()).distinct().toList())
                            + ".)");
        }
        return model;
    }

    /**
     * Removes a model from disk.
     *
     * @throws RegistryException CONFLICT, NOT_FOUND, INVALID_ID
     */
    public void delete(ModelId id) {
        store.delete(id);
        afterDelete.run();
    }
}
