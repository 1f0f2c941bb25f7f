package dev.parlo.benchmarks.speech;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the results of a run into {@code docs/benchmarks.md}, between the two marks for speech, and
 * into {@code docs/benchmarks-speech.json}.
 *
 * <p>Arguments: folder of results, {@code docs} folder, a line about the machine.
 */
final class SpeechReport {
    private static final String BEGIN = "<!-- speech results: written by make bench-tts -->";
    private static final String END = "<!-- end of speech results -->";

    private final ObjectMapper json = new ObjectMapper();
    private final StringBuilder page = new StringBuilder();

    private SpeechReport() {}

    public static void main(String[] arguments) throws IOException {
        new SpeechReport().write(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    }

    private void write(Path results, Path docs, String machine) throws IOException {
        ObjectNode all = json.createObjectNode();
        all.put("machine", machine);
        page.append(machine).append('\n');
        JsonNode server = json.readTree(results.resolve("speech-server.json").toFile());
        JsonNode engine = json.readTree(results.resolve("speech-engine.json").toFile());
        JsonNode variants = json.readTree(results.resolve("speech-variants.json").toFile());
        all.set("server", server);
        all.set("engine", engine);
        all.set("kokoro_variants", variants);
        texts(server);
        clients(server);
        engines(engine);
        variants(variants);
        Path document = docs.resolve("benchmarks.md");
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(document + " lacks the marks of the speech results");
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length()) + "\n" + page + text.substring(end));
        json.writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve("benchmarks-speech.json").toFile(), all);
    }

    private void heading(String title, String columns) {
        page.append("\n### ").append(title).append("\n\n| ").append(columns).append(" |\n|---|");
        page.append("---:|".repeat(columns.split("\\|").length - 1)).append('\n');
    }

    private void row(String first, Object... cells) {
        page.append("| ").append(first).append(" |");
        for (Object cell : cells) {
            page.append(' ').append(cell instanceof Double d ? number(d) : cell).append(" |");
        }
        page.append('\n');
    }

    private void texts(JsonNode server) {
        heading(
                "From request to sound, one client",
                "model, tokens | first byte, ms | last byte, ms | audio, s | real-time factor");
        for (String model : server.propertyNames()) {
            JsonNode rows = server.get(model).get("texts").get("by_tokens");
            for (String tokens : rows.propertyNames()) {
                JsonNode one = rows.get(tokens);
                row(
                        model + ", " + tokens,
                        one.get("first_byte_ms").asDouble(),
                        one.get("last_byte_ms").asDouble(),
                        one.get("audio_seconds").asDouble(),
                        ratio(one.get("real_time_factor").asDouble()));
            }
        }
        page.append("\nFirst byte of the longest text, as a multiple of that of its first sentence")
                .append(" alone (at most 1.3):");
        String separator = " ";
        for (String model : server.propertyNames()) {
            page.append(separator)
                    .append(model)
                    .append(" **")
                    .append(
                            ratio(
                                    server.get(model)
                                            .get("texts")
                                            .get("first_byte_of_longest_to_first_sentence")
                                            .asDouble()))
                    .append("**");
            separator = ", ";
        }
        page.append(".\n");
    }

    private void clients(JsonNode server) {
        heading(
                "Clients at the same time, a sentence of 50 tokens each",
                "model, clients | first byte, median ms | first byte, 95 % ms | last byte, median ms"
                        + " | seconds of audio per second");
        for (String model : server.propertyNames()) {
            JsonNode rows = server.get(model).get("clients");
            for (String clients : rows.propertyNames()) {
                JsonNode one = rows.get(clients);
                row(
                        model + ", " + clients,
                        one.get("first_byte_ms").asDouble(),
                        one.get("first_byte_p95_ms").asDouble(),
                        one.get("last_byte_ms").asDouble(),
                        one.get("audio_seconds_per_second").asDouble());
            }
        }
    }

    private void engines(JsonNode engine) {
        heading(
                "What the engine adds to its model (at most 5 %)",
                "model, tokens | chunks | whole, ms | of it in ONNX Runtime, ms | added, ms | added, %"
                        + " | the same runs bare, ms | whole / bare | n");
        for (String model : engine.propertyNames()) {
            JsonNode rows = engine.get(model);
            for (String tokens : rows.propertyNames()) {
                JsonNode one = rows.get(tokens);
                row(
                        model + ", " + one.get("tokens").asInt(),
                        one.get("chunks").asInt(),
                        one.get("speak_ms").asDouble(),
                        one.get("runs_inside_ms").asDouble(),
                        one.get("overhead_ms").asDouble(),
                        "**" + ratio(100 * one.get("overhead_share").asDouble()) + "**",
                        one.get("bare_runs_ms").asDouble(),
                        ratio(one.get("ratio_to_bare").asDouble()),
                        one.get("n").asInt());
            }
        }
    }

    private void variants(JsonNode variants) {
        heading(
                "Kokoro, a sentence of 50 tokens: options and 8-bit weights",
                "| median ms | as a multiple");
        JsonNode times = variants.get("milliseconds");
        double own = 0;
        for (String label : times.propertyNames()) {
            double median = times.get(label).asDouble();
            own = own == 0 ? median : own;
            row(label, median, ratio(median / own));
        }
        page.append("\nWhere its time goes:");
        String separator = " ";
        for (String operator : variants.get("operators").propertyNames()) {
            page.append(separator)
                    .append(operator)
                    .append(' ')
                    .append(Math.round(100 * variants.get("operators").get(operator).asDouble()))
                    .append(" %");
            separator = ", ";
        }
        page.append(".\n");
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }
}
