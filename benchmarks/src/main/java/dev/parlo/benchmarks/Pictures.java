package dev.parlo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Draws the pictures of {@code docs/benchmarks.md} from the figures in {@code
 * docs/benchmarks*.json}: windows beside whisper.cpp, the first sound by the length of a text.
 *
 * <p>Argument: the {@code docs} folder.
 */
final class Pictures {
    private static final List<String> ENGINES =
            List.of("parlo int8", "parlo float32", "whisper.cpp q8_0", "whisper.cpp f16");

    private final ObjectMapper json = new ObjectMapper();
    private final Path docs;

    private Pictures(Path docs) {
        this.docs = docs;
    }

    public static void main(String[] arguments) throws IOException {
        Pictures pictures = new Pictures(Path.of(arguments[0]));
        pictures.windows();
        pictures.firstSound();
    }

    private void windows() throws IOException {
        Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
        JsonNode all = json.readTree(docs.resolve("benchmarks.json").toFile());
        for (String shape : List.of("tiny", "base", "small")) {
            JsonNode times = all.path("window").path(shape).path("milliseconds");
            Map<String, Double> bars = new LinkedHashMap<>();
            for (String engine : ENGINES) {
                JsonNode median = times.path(engine).path("window greedy").path("median");
                if (!median.isMissingNode()) {
                    bars.put(engine, median.asDouble());
                }
            }
            groups.put(shape, bars);
        }
        write(
                "benchmark-windows.svg",
                new Bars("A window of 30 s and 100 tokens, greedy, one thread", "ms").svg(groups));
    }

    private void firstSound() throws IOException {
        Map<String, Map<String, Double>> groups = new LinkedHashMap<>();
        JsonNode all = json.readTree(docs.resolve("benchmarks-speech.json").toFile());
        for (Map.Entry<String, JsonNode> model : all.path("server").properties()) {
            Map<String, Double> bars = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> text :
                    model.getValue().path("texts").path("by_tokens").properties()) {
                bars.put(
                        text.getKey() + " tokens",
                        text.getValue().path("first_byte_ms").asDouble());
            }
            String id = model.getKey();
            groups.put(id.substring(id.indexOf('/') + 1), bars);
        }
        write(
                "benchmark-first-sound.svg",
                new Bars("From the request to the first byte of sound, by the length of the text", "ms")
                        .svg(groups));
    }

    private void write(String name, String svg) throws IOException {
        Files.writeString(docs.resolve("images").resolve(name), svg);
    }
}
