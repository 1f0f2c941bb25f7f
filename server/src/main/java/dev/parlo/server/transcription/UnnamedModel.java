package dev.parlo.server.transcription;

import dev.parlo.engine.pool.EngineState;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.server.models.ModelEngines;
import dev.parlo.server.models.ModelLibrary;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The model that answers where a protocol has no name for one. Thread-safe. */
public final class UnnamedModel {
    private final ModelLibrary library;
    private final ModelEngines engines;
    private final Supplier<String> usual;

    /**
     * @param usual the id of the model that is used where none is loaded
     */
    public UnnamedModel(ModelLibrary library, ModelEngines engines, Supplier<String> usual) {
        this.library = library;
        this.engines = engines;
        this.usual = usual;
    }

    /**
     * The id of the usual model if it is loaded, else of another one that is: whoever loaded it
     * wants it to be used, and a second one would take its room. Else the usual one.
     *
     * @throws dev.parlo.registry.RegistryException where no transcription model is installed
     */
    public String id() {
        List<String> loaded =
                engines.list().stream()
                        .filter(status -> status.state() != EngineState.LOADING)
                        .map(status -> status.key().toString())
                        .filter(this::transcribes)
                        .toList();
        return loaded.size() == 1 ? loaded.getFirst() : among(loaded);
    }

    private String among(List<String> loaded) {
        String chosen = usual.get();
        return loaded.isEmpty() || loaded.contains(chosen) ? chosen : loaded.getFirst();
    }

    private boolean transcribes(String id) {
        Optional<InstalledModel> model = library.find(id);
        return model.isPresent() && model.get().task() == ModelTask.AUTOMATIC_SPEECH_RECOGNITION;
    }
}
