package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
    private static final int MOST_SPEAKERS = 10_000;

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
                            speakers(root)));
        } catch (IOException | JacksonException unreadable) {
            return Optional.empty();
        }
    }

    private static List<String> speakers(JsonNode root) {
        int count = Math.min(root.path("num_speakers").asInt(1), MOST_SPEAKERS);
        if (count <= 1) {
            return List.of();
        }
        List<String> named =
                root.path("speaker_id_map").properties().stream()
                        .sorted(Comparator.comparingInt(speaker -> speaker.getValue().asInt(0)))
                        .map(Map.Entry::getKey)
                        .toList();
        return named.isEmpty()
                ? IntStream.range(0, count).mapToObj(Integer::toString).toList()
                : named;
    }
}
