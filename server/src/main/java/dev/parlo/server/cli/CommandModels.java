package dev.parlo.server.cli;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.EngineFactory;
import dev.parlo.server.models.LoadedModel;
import dev.parlo.server.models.ModelLeases;
import dev.parlo.server.models.ModelLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models of a command without a server, loaded by the same factories: the one that the user
 * named, which may be a folder or a file, and those that its pipeline borrows beside it. Each stays
 * loaded until the command ends. Used by one thread.
 */
final class CommandModels implements ModelLeases, AutoCloseable {
    private static final String ENCODER = "encoder_model";
    private static final String PARAKEET = "encoder-model";

    private final ModelLibrary library;
    private final Map<ModelFamily, EngineFactory> factories;
    private final Cancellation cancellation;
    private final String name;
    private final InstalledModel chosen;
    private final List<Loaded> loaded = new ArrayList<>();

    /** An engine, and the queue before it, in which one request at a time waits. */
    private record Loaded(InstalledModel model, Admission admission, LoadedModel engine) {}

    /**
     * @param name of the model, as the user gave it: an id, an alias, a folder or a file
     * @param task of that model
     * @param cancellation ends loading
     */
    CommandModels(
            ModelLibrary library,
            Map<ModelFamily, EngineFactory> factories,
            String name,
            ModelTask task,
            Cancellation cancellation) {
        this.library = library;
        this.factories = factories;
        this.cancellation = cancellation;
        this.name = name;
        if (name.isBlank()) {
            throw new CommandFailure(
                    "--model is empty. Give it an id or alias of an installed model (parlo model"
                            + " ls), a checkpoint's folder or a ggml-*.bin file.");
        }
        this.chosen = Files.exists(Path.of(name)) ? at(Path.of(name)) : installed(name, task);
    }

    /** A folder or file that is not installed; what it is shows by what lies there. */
    private static InstalledModel at(Path files) {
        return InstalledModel.partOfServer(
                ModelId.parse("local/model"), family(files), List.of(), null, files);
    }

    private static ModelFamily family(Path files) {
        if (Files.isRegularFile(files.resolve("model.bin"))) {
            return ModelFamily.WHISPER_CT2;
        }
        if (files.getFileName().toString().startsWith(ENCODER)) {
            return ModelFamily.WHISPER_ONNX;
        }
        if (files.getFileName().toString().startsWith(PARAKEET)
                || Files.isRegularFile(files.resolve(PARAKEET + ".onnx"))
                || Files.isRegularFile(files.resolve(PARAKEET + ".int8.onnx"))) {
            return ModelFamily.PARAKEET;
        }
        return Files.isRegularFile(files.resolve("config.json"))
                ? ModelFamily.WHISPER_TRANSFORMERS
                : ModelFamily.WHISPER_GGML;
    }

    private InstalledModel installed(String wanted, ModelTask task) {
        try {
            return library.require(wanted, ModelFamily.of(task));
        } catch (RegistryException unknown) {
            if (unknown.category() != RegistryException.Category.INVALID_ID) {
                throw unknown;
            }
            throw new CommandFailure(
                    "There is no folder or file "
                            + wanted
                            + ". Give --model a checkpoint's folder or ggml-*.bin file, or the id"
                            + " or alias of an installed model (parlo model ls).",
                    unknown);
        }
    }

    /** The engine of the user's model, loaded now where it is not. */
    <T> T engine(Class<T> type) {
        return type.cast(load(chosen).engine().engine());
    }

    @Override
    public Place admit(
            @Nullable String wanted, ModelTask task, Priority priority, Cancellation request) {
        InstalledModel model = model(wanted, task);
        String known = model == chosen ? name : model.id().toString();
        return new Place(known, load(model).admission().enter(priority, request));
    }

    @Override
    public <T> Leased<T> lease(
            Place place, ModelTask task, Class<T> type, @Nullable KeepAlive keepAlive) {
        LoadedModel engine = load(model(place.model(), task)).engine();
        return new Leased<>(place.model(), type.cast(engine.engine()), place.ticket(), () -> {});
    }

    /** The user's model for its task, whatever the request calls it. */
    private InstalledModel model(@Nullable String wanted, ModelTask task) {
        return wanted == null || task == chosen.task()
                ? chosen
                : library.require(wanted, ModelFamily.of(task));
    }

    private Loaded load(InstalledModel model) {
        for (Loaded known : loaded) {
            if (known.model().equals(model)) {
                return known;
            }
        }
        EngineFactory factory = factories.get(model.family());
        if (factory == null) {
            throw new CommandFailure(
                    "Models of the format " + model.family().format() + " are not used here.");
        }
        Admission admission = new Admission(1, 1);
        Loaded one = new Loaded(model, admission, factory.load(model, admission, cancellation));
        loaded.add(one);
        return one;
    }

    @Override
    public void close() {
        for (Loaded one : loaded.reversed()) {
            try {
                one.engine().close();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }
        loaded.clear();
    }
}
