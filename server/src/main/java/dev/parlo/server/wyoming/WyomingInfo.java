package dev.parlo.server.wyoming;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.RegistryException;
import dev.parlo.server.models.ModelLibrary;
import dev.parlo.server.transcription.SpokenText;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server tells of itself: one program that listens, one that speaks. Clients wait a second
 * for it, so that nothing is loaded. Thread-safe.
 */
final class WyomingInfo {
    private static final String PROGRAM = "parlo";

    private final ModelLibrary library;
    private final Supplier<String> usualModel;
    private final WyomingVoices voices;

    /**
     * @param usualModel the id of the model that listens where a client names none
     */
    WyomingInfo(ModelLibrary library, Supplier<String> usualModel, WyomingVoices voices) {
        this.library = library;
        this.usualModel = usualModel;
        this.voices = voices;
    }

    Event event() {
        Event info = Event.of("info");
        ObjectNode data = info.data();
        listening(data.putArray("asr"));
        speaking(data.putArray("tts"));
        for (String other : List.of("handle", "intent", "wake", "mic", "snd")) {
            data.putArray(other);
        }
        return info;
    }

    private void listening(ArrayNode programs) {
        ObjectNode program = artifact(programs, PROGRAM, "Whisper, by Parlo", PROGRAM);
        ArrayNode models = program.putArray("models");
        String first = usual();
        library.installed(ModelTask.AUTOMATIC_SPEECH_RECOGNITION).stream()
                .sorted(
                        Comparator.comparing(
                                (InstalledModel model) -> !model.id().toString().equals(first)))
                .forEach(model -> {
                    ModelId id = model.id();
                    ObjectNode shown = artifact(models, id.toString(), id.toString(), id.owner());
                    ArrayNode languages = shown.putArray("languages");
                    // A model without a language cannot be chosen in Home Assistant.
                    SpokenText.languages(model).forEach(languages::add);
                });
        program.put("supports_transcript_streaming", true)
                .put("requires_external_vad", true)
                .put("prefers_auto_gain_enabled", true)
                .put("prefers_noise_reduction_enabled", true);
    }

    /** Empty where there is none at all. */
    private String usual() {
        try {
            return usualModel.get();
        } catch (RegistryException none) {
            return "";
        }
    }

    private void speaking(ArrayNode programs) {
        ObjectNode program = artifact(programs, PROGRAM, "Speech, by Parlo", PROGRAM);
        ArrayNode list = program.putArray("voices");
        for (WyomingVoices.Voice voice : voices.all()) {
            ObjectNode shown =
                    artifact(
                            list,
                            voice.name(),
                            voice.description(),
                            ModelId.parse(voice.model()).owner());
            shown.putArray("languages").add(voice.language());
            shown.putNull("speakers");
        }
        program.put("supports_synthesize_streaming", true);
    }

    /** The keys that the usual client requires of everything. */
    private static ObjectNode artifact(
            ArrayNode list, String name, String description, String maker) {
        ObjectNode artifact = list.addObject().put("name", name).put("description", description);
        artifact.putObject("attribution").put("name", maker).put("url", "");
        return artifact.put("installed", true).put("version", version());
    }

    private static @Nullable String version() {
        return WyomingInfo.class.getPackage().getImplementationVersion();
    }
}
