package dev.parlo.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts the results of a run into {@code docs/benchmarks.md}, between its two marks, and beside it
 * as {@code docs/benchmarks.json}, with the ratios of Parlo's int8 to each other engine.
 *
 * <p>Arguments: folder of results, {@code docs} folder, a line about the machine.
 */
final class Report {
    private static final String BEGIN = "<!-- results: written by make bench -->";
    private static final String END = "<!-- end of results -->";
    private static final String OWN = "parlo int8";
    private static final String PEER = "whisper.cpp q8_0";
    private static final List<String> SHAPES = List.of("tiny", "base", "small");

    private final ObjectMapper json = new ObjectMapper();
    private final StringBuilder page = new StringBuilder();
    private final ObjectNode all = json.createObjectNode();
    private final Path results;

    private Report(Path results) {
        this.results = results;
    }

    public static void main(String[] arguments) throws IOException {
        Report report = new Report(Path.of(arguments[0]));
        Path docs = Path.of(arguments[1]);
        report.write(docs, arguments[2]);
    }

    private void write(Path docs, String machine) throws IOException {
        all.put("machine", machine);
        page.append(machine).append("\n");
        timings("parts", "One thread, the parts of a window (median ms)");
        timings("window", "One thread, a whole window of 100 tokens (median ms)");
        memory();
        scaling();
        scripts();
        new Marks(BEGIN, END).fill(docs.resolve("benchmarks.md"), page);
        json.writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve("benchmarks.json").toFile(), all);
    }

    /** A table of a kind of result for each shape that was run. */
    private void timings(String kind, String title) throws IOException {
        for (String shape : SHAPES) {
            Path file = results.resolve(kind + "-" + shape + ".json");
            if (!Files.exists(file)) {
                continue;
            }
            JsonNode result = json.readTree(file.toFile());
            JsonNode engines = result.get("milliseconds");
            List<String> names = new ArrayList<>(engines.propertyNames());
            page.append("\n### ").append(shape).append(": ").append(title).append("\n\n| |");
            names.forEach(name -> page.append(' ').append(name).append(" |"));
            page.append(" int8 / whisper.cpp q8_0 | n |\n|---|");
            page.append("---:|".repeat(names.size() + 2)).append('\n');
            ObjectNode ratios = json.createObjectNode();
            for (String what : engines.get(OWN).propertyNames()) {
                page.append("| ").append(what).append(" |");
                for (String name : names) {
                    double median = engines.get(name).get(what).get("median").asDouble();
                    page.append(' ').append(number(median)).append(" |");
                    double own = engines.get(OWN).get(what).get("median").asDouble();
                    if (!name.equals(OWN)) {
                        ratios.put(what + ": " + OWN + " / " + name, Samples.rounded(own / median));
                    }
                }
                double ratio =
                        engines.get(OWN).get(what).get("median").asDouble()
                                / engines.get(PEER).get(what).get("median").asDouble();
                page.append(String.format(Locale.ROOT, " **%.2f** | ", ratio))
                        .append(engines.get(OWN).get(what).get("n").asInt())
                        .append(" |\n");
            }
            ((ObjectNode) result).set("ratios", ratios);
            all.withObject(kind).set(shape, result);
        }
    }

    private void memory() throws IOException {
        List<Path> files = matching("memory-");
        if (files.isEmpty()) {
            return;
        }
        page.append("\n### Memory and loading, a process each\n\n")
                .append("| | | load ms | most memory held, MB |\n|---|---|---:|---:|\n");
        for (Path file : files) {
            JsonNode one = json.readTree(file.toFile());
            String load = one.has("load_ms") ? number(one.get("load_ms").asDouble()) : "";
            if (one.path("converted").asBoolean()) {
                load += " (converting)";
            }
            page.append("| ")
                    .append(one.get("shape").asString())
                    .append(" | ")
                    .append(one.get("engine").asString())
                    .append(" | ")
                    .append(load)
                    .append(" | ")
                    .append(one.get("vm_hwm_mb").asLong())
                    .append(" |\n");
            all.withObject("memory").set(name(file, "memory-"), one);
        }
    }

    private void scaling() throws IOException {
        for (Path file : matching("scaling-")) {
            JsonNode result = json.readTree(file.toFile());
            page.append("\n### ")
                    .append(result.get("shape").asString())
                    .append(", int8, beam 5: threads and requests\n\n")
                    .append("| | until the last is done, median ms | least | n |\n")
                    .append("|---|---:|---:|---:|\n");
            for (String setting : result.get("milliseconds").propertyNames()) {
                JsonNode row = result.get("milliseconds").get(setting);
                page.append("| ").append(setting);
                for (String column : List.of("median", "min")) {
                    page.append(" | ").append(number(row.get(column).asDouble()));
                }
                page.append(" | ").append(row.get("n").asInt()).append(" |\n");
            }
            all.withObject("scaling").set(name(file, "scaling-"), result);
        }
    }

    /** Results of the shell scripts, each a JSON object of name and number. */
    private void scripts() throws IOException {
        for (Path file : matching("script-")) {
            JsonNode result = json.readTree(file.toFile());
            page.append("\n### ")
                    .append(result.get("title").asString())
                    .append("\n\n| | |\n|---|---:|\n");
            for (String key : result.propertyNames()) {
                if (!key.equals("title")) {
                    page.append("| ").append(key).append(" | ");
                    page.append(result.get(key).asString()).append(" |\n");
                }
            }
            all.set(name(file, "script-"), result);
        }
    }

    private List<Path> matching(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(results)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path file, String prefix) {
        String name = file.getFileName().toString();
        return name.substring(prefix.length(), name.length() - ".json".length());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
    }
}
