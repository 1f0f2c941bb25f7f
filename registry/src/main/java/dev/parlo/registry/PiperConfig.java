package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model list shows of a Piper voice's JSON.
 *
 * @param speakers in the order of their numbers, which stand for those that have no name; empty for
 *     a voice of one speaker
 */
record PiperConfig(int sampleRate, String language, List<String> speakers) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LONGEST = 8L << 20;

    /** Reads {@code NAME.onnx.json} or config.json; empty when neither can be read. */
    static Optional<PiperConfig> read(Path directory, List<String> files) {
        String name =
                files.stream()
                        .filter(file -> file.endsWith(".onnx.json"))
                        .findFirst()
                        .orElse("config.json");
        Path file = directory.resolve(name);
        try {
            if (Files.size(file) > LONGEST) {
                return Optional.empty();
            }
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            int rate = root.path("audio").path("sample_rate").asInt(22_050);
            String family = root.path("language").path("family").asString("");
            String voice = root.path("espeak").path("voice").asString("");
            return Optional.of(
                    new PiperConfig(
                            rate,
                            family.isEmpty() ? voice.split("-", 2)[0] : family,
                            VoiceIndex.speakers(root)));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
