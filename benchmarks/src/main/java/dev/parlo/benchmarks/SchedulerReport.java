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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the results of {@code scheduler.sh} into {@code benchmarks.md}, between its two marks, as
 * {@code benchmarks-scheduler.json}, and as a picture of the gain by clients. What the folder lacks
 * stays as an earlier run left it in that file, with the machine that it was measured on.
 *
 * <p>Arguments: folder of results, {@code docs} folder, a line about the machine.
 */
final class SchedulerReport {
    private static final String BEGIN = "<!-- scheduler: written by benchmarks/scheduler.sh -->";
    private static final String END = "<!-- end of scheduler -->";
    private static final String FILE = "benchmarks-scheduler.json";
    private static final String MACHINE = "machine";

    private final ObjectMapper json = new ObjectMapper();
    private final StringBuilder page = new StringBuilder();
    private final SortedMap<String, ObjectNode> results = new TreeMap<>();

    private SchedulerReport(Path folder, Path docs, String machine) throws IOException {
        Path written = docs.resolve(FILE);
        if (Files.exists(written)) {
            JsonNode before = json.readTree(written.toFile());
            for (String name : before.propertyNames()) {
                if (before.get(name) instanceof ObjectNode result) {
                    results.put(name, result);
                }
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("(clients-|crowd-|flood).*[.]json")
                        && json.readTree(file.toFile()) instanceof ObjectNode result) {
                    result.put(MACHINE, machine);
                    results.put(name.substring(0, name.length() - ".json".length()), result);
                }
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path docs = Path.of(arguments[1]);
        new SchedulerReport(Path.of(arguments[0]), docs, arguments[2]).write(docs);
    }

    private void write(Path docs) throws IOException {
        machines();
        Map<String, List<Plot.Point>> gains = clients();
        crowd();
        flood();
        new Marks(BEGIN, END).fill(docs.resolve("benchmarks.md"), page);
        Plot plot = new Plot("Clips of 10 s together", "clients", "one after another / together");
        Files.writeString(docs.resolve("scheduler.svg"), plot.svg(gains));
        json.writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve(FILE).toFile(), results);
    }

    /** What was measured where; results of one run share a line. */
    private void machines() {
        Map<String, List<String>> measured = new LinkedHashMap<>();
        results.forEach((name, result) ->
                measured.computeIfAbsent(
                                result.get(MACHINE).asString(), machine -> new ArrayList<>())
                        .add("`" + name + "`"));
        measured.forEach((machine, names) -> {
            page.append(machine);
            if (measured.size() > 1) {
                page.append(" (").append(String.join(", ", names)).append(')');
            }
            page.append("\n\n");
        });
    }

    /** The least times of each number of clients, and what they gain. */
    private Map<String, List<Plot.Point>> clients() {
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

    private void crowd() {
        List<ObjectNode> found = matching("crowd-");
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

    private void flood() {
        for (JsonNode result : matching("flood")) {
            page.append("| ").append(result.get("title").asString()).append(" | |\n|---|---:|\n");
            for (String key : result.propertyNames()) {
                if (!key.equals("title") && !key.equals(MACHINE)) {
                    page.append("| ").append(key).append(" | ");
                    page.append(result.get(key).asString()).append(" |\n");
                }
            }
        }
    }

    private List<ObjectNode> matching(String prefix) {
        return results.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String name(JsonNode result) {
        int beams = result.get("beams").asInt();
        return result.get("shape").asString() + (beams == 1 ? ", greedy" : ", beam " + beams);
    }

    private static double least(JsonNode times, String what) {
        return times.get(what).get("min").asDouble();
    }
}
