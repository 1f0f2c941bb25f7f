package dev.parlo.server.models;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Admission;
import dev.parlo.registry.InstalledModel;
import java.nio.file.Path;

/** Makes transcription engines by a loader that goes by files. Thread-safe. */
public record SpeechToTextFactory(SpeechToTextLoader loader) implements EngineFactory {
    @Override
    public void prepare(InstalledModel model, Cancellation cancellation) {
        loader.prepare(files(model), cancellation);
    }

    @Override
    public LoadedModel load(InstalledModel model, Admission admission, Cancellation cancellation) {
        return LoadedModel.of(loader.load(files(model), admission, cancellation));
    }

    private static Path files(InstalledModel model) {
        return model.checkpoint().orElse(model.directory());
    }
}
