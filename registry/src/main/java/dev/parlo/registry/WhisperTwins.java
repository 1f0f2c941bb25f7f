package dev.parlo.registry;

import java.util.Optional;

/** The CTranslate2 conversions of the Whisper checkpoints their makers publish for PyTorch. */
final class WhisperTwins {
    private static final ModelId TURBO =
            new ModelId("deepdml", "faster-whisper-large-v3-turbo-ct2");

    private WhisperTwins() {}

    /**
     * The repository to use instead; empty for anything but openai/whisper-* and its distillations.
     */
    static Optional<ModelId> of(ModelId id) {
        String name = id.name();
        if (id.owner().equals("openai") && name.startsWith("whisper-")) {
            return switch (name) {
                case "whisper-large-v3-turbo" -> Optional.of(TURBO);
                case "whisper-large" -> Optional.of(systran("faster-whisper-large-v1"));
                default -> Optional.of(systran("faster-" + name));
            };
        }
        if (id.owner().equals("distil-whisper") && !name.contains("ct2")) {
            return switch (name) {
                case "distil-large-v2", "distil-large-v3", "distil-medium.en", "distil-small.en" ->
                        Optional.of(
                                systran(
                                        "faster-distil-whisper-"
                                                + name.substring("distil-".length())));
                case "distil-large-v3.5" ->
                        Optional.of(new ModelId("distil-whisper", "distil-large-v3.5-ct2"));
                default -> Optional.empty();
            };
        }
        return Optional.empty();
    }

    private static ModelId systran(String name) {
        return new ModelId("Systran", name);
    }
}
