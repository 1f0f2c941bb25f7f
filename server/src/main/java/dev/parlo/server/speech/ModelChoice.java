package dev.parlo.server.speech;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.ModelLibrary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which models may answer an order, the best first. Thread-safe. */
@FunctionalInterface
interface ModelChoice {
    /** Names to try in this order; a name that is not installed is passed over. */
    List<String> candidates(@Nullable String model, @Nullable String voice);

    /**
     * The model that was named, one that has the voice, the model of {@code tts-1}, any that is
     * installed; espeak-ng comes last.
     */
    static ModelChoice of(ModelLibrary library) {
        return (model, voice) -> {
            List<String> names = new ArrayList<>();
            if (model != null && !model.isBlank()) {
                names.add(model);
            }
            List<InstalledModel> speaking = library.installed(ModelTask.TEXT_TO_SPEECH);
            speaking.stream()
                    .filter(installed -> voice != null && has(installed, voice))
                    .forEach(installed -> names.add(installed.id().toString()));
            if (installed(library, SpeechRequest.DEFAULT_MODEL)) {
                names.add(SpeechRequest.DEFAULT_MODEL);
            }
            speaking.stream()
                    .map(installed -> installed.id().toString())
                    .filter(id -> !id.equals(BuiltInEspeak.ID))
                    .forEach(names::add);
            // answered by espeak-ng, or refused by naming what to install
            names.add(SpeechRequest.DEFAULT_MODEL);
            return names.stream().distinct().toList();
        };
    }

    private static boolean has(InstalledModel model, String voice) {
        return model.card().voices().stream().anyMatch(known -> known.id().equals(voice));
    }

    private static boolean installed(ModelLibrary library, String name) {
        try {
            return library.find(name).isPresent();
        } catch (RegistryException noId) {
            return false;
        }
    }
}
