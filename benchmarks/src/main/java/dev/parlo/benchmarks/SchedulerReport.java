package dev.parlo.benchmarks;

import dev.parlo.benchmarks.file.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the results of {@code scheduler.sh} into {@code benchmarks.md}, between its two marks, as
 * {@code benchmarks-scheduler.json}, and as a picture of the gain by clients.
 *
 * <p>Arguments: folder of results, {@code docs} folder, a line about the machine.
 */
final class SchedulerReport {
    private static final String BEGIN = "<!-- scheduler: written by benchmarks/scheduler.sh -->";
    private static final String END = "<!-- end of scheduler -->";

    private final ObjectMapper json = new ObjectMapper();
    private final StringBuilder page = new StringBuilder();
    private final ObjectNode all = json.createObjectNode();
    private final Path results;

    private SchedulerReport(Path results) {
        this.results = results;
    }

    public static void main(String[] arguments) throws IOException {
        new SchedulerReport(Path.of(arguments[0])).write(Path.of(arguments[1]), arguments[2]);
    }

    private void write(Path docs, String machine) throws IOException {
        all.put("machine", machine);
        page.append(machine).append("\n\n");
        Map<String, List<Plot.Point>> gains = clients();
        crowd();
        flood();
        new Marks(BEGIN, END).fill(docs.resolve("benchmarks.md"), page);
        Plot plot = new Plot("Clips of 10 s together", "clients", "one after another / together");
        Files.writeString(docs.resolve("scheduler.svg"), plot.svg(gains));
        json.writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve("benchmarks-scheduler.json").toFile(), all);
    }

    /** The least times of each number of clients, and what they gain. */
    private Map<String, List<Plot.Point>> clients() throws IOException {
        page.append("| 10-s clips | clients | one after another, ms | together, ms | gain |")
                .append(" processor time, gain |\n|---|---:|---:|---:|---:|---:|\n");
        Map<String, List<Plot.Point>> gains = new LinkedHashMap<>();
        for (JsonNode result : matching("clients-")) {
            String name = name(result);
            List<Plot.Point> points = new ArrayList<>();
            JsonNode times = result.get("milliseconds");
            JsonNode processor = result.get("processor milliseconds");
            for (String what : times.propertyNames()) {
                String count = what.split(" ", 2)[0];
                if (!what.endsWith("together")) {
                    continue;
                }
                String after = count + " one after another";
                double gain = least(times, after) / least(times, what);
                points.add(new Plot.Point(Double.parseDouble(count), gain));
                page.append(
                        String.format(
                                Locale.ROOT,
                                "| %s | %s | %.0f | %.0f | **%.2f** | %.2f |%n",
                                name,
                                count,
                                least(times, after),
                                least(times, what),
                                gain,
                                least(processor, after) / least(processor, what)));
            }
            gains.put(name, points);
        }
        page.append("\n![Gain by clients](scheduler.svg)\n\n");
        return gains;
    }

    private void crowd() throws IOException {
        List<JsonNode> found = matching("crowd-");
        if (found.isEmpty()) {
            return; // left out
        }
        page.append("| 3-s clips | alone, 95 % ms | beside four one-hour files, 95 % ms | ratio |")
                .append(" ratio in the first three seconds |")
                .append(" windows of the files a second |\n|---|---:|---:|---:|---:|---:|\n");
        for (JsonNode result : found) {
            int batch = result.get("batch size of the files").asInt();
            page.append(
                    String.format(
                            Locale.ROOT,
                            "| %s, files %s | %.0f | %.0f | **%.2f** | **%.2f** | %.2f |%n",
                            name(result),
                            batch == 0 ? "window after window" : "in batches of " + batch,
                            result.get("p95 idle").asDouble(),
                            result.get("p95 four files").asDouble(),
                            result.get("p95 ratio").asDouble(),
                            result.get("p95 ratio, files just come").asDouble(),
                            result.get("windows of the files a second").asDouble()));
        }
        page.append('\n');
    }

    private void flood() throws IOException {
        for (JsonNode result : matching("flood")) {
            page.append("| ").append(result.get("title").asString()).append(" | |\n|---|---:|\n");
            for (String key : result.propertyNames()) {
                if (!key.equals("title")) {
                    page.append("| ").append(key).append(" | ");
                    page.append(result.get(key).asString()).append(" |\n");
                }
            }
        }
    }

    private List<JsonNode> matching(String prefix) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(results)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith(prefix) && name.endsWith(".json")) {
                    JsonNode result = json.readTree(file.toFile());
                    all.set(name.substring(0, name.length() - ".json".length()), result);
                    found.add(result);
                }
            }
        }
        return found;
    }

    private static String name(JsonNode result) {
        int beams = result.get("beams").asInt();
        return result.get("shape").asString() + (beams == 1 ? ", greedy" : ", beam " + beams);
    }

    private static double least(JsonNode times, String what) {
        return times.get(what).get("min").asDouble();
    }
}
