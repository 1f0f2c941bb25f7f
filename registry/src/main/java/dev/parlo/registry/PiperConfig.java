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
 * @param language a code, "" where the file tells none
 * @param speakers in the order of their numbers, which stand for those that have no name; empty for
 *     a voice of one speaker
 */
record PiperConfig(int sampleRate, String language, List<String> speakers) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long LONGEST = 8L << 20;
    private static final int USUAL_RATE = 22_050;
    private static final int LEAST_RATE = 8_000;
    private static final int MOST_RATE = 192_000;

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
            int rate = root.path("audio").path("sample_rate").asInt(USUAL_RATE);
            return Optional.of(
                    new PiperConfig(
                            rate >= LEAST_RATE && rate <= MOST_RATE ? rate : USUAL_RATE,
                            VoiceIndex.language(root),
                            VoiceIndex.speakers(root)));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
