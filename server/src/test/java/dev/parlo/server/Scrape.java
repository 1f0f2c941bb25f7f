package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus reads: its text format, by the format's own rules. */
final class Scrape {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile(
                    "([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(?:,|$)");
    private static final Set<String> TYPES =
            Set.of("counter", "gauge", "histogram", "summary", "untyped");

    private final Map<String, String> types = new HashMap<>();
    private final Map<String, Map<Map<String, String>, Double>> samples = new LinkedHashMap<>();

    private Scrape() {}

    /** Fails at the first line that is not as the format wants it. */
    static Scrape parse(String text) {
        assertThat(text).endsWith("\n");
        Scrape scrape = new Scrape();
        text.lines().forEach(scrape::line);
        scrape.types.forEach((name, type) -> {
            if (type.equals("histogram")) {
                scrape.checkHistogram(name);
            }
        });
        return scrape;
    }

    private void line(String line) {
        String[] words = line.split(" ", 4);
        if (line.startsWith("# TYPE ")) {
            assertThat(TYPES).contains(words[3]);
            assertThat(types.put(words[2], words[3])).as("declared twice: " + words[2]).isNull();
        } else if (!line.startsWith("#")) {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            String name = sample.group(1);
            assertThat(types)
                    .as(line)
                    .containsKey(
                            types.containsKey(name)
                                    ? name
                                    : name.replaceFirst("_(bucket|sum|count)$", ""));
            Double before =
                    samples.computeIfAbsent(name, key -> new LinkedHashMap<>())
                            .put(labels(sample.group(2)), number(sample.group(3)));
            assertThat(before).as("twice: " + line).isNull();
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        if (text != null) {
            Matcher label = LABEL.matcher(text);
            int end = 0;
            while (label.find() && label.start() == end) {
                assertThat(labels.put(label.group(1), label.group(2))).isNull();
                end = label.end();
            }
            assertThat(end).as(text).isEqualTo(text.length());
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** Buckets hold those before them, and the last one all. */
    private void checkHistogram(String name) {
        Map<Map<String, String>, TreeMap<Double, Double>> series = new HashMap<>();
        samples.getOrDefault(name + "_bucket", Map.of())
                .forEach((labels, value) -> {
                    Map<String, String> rest = new TreeMap<>(labels);
                    double bound = number(String.valueOf(rest.remove("le")));
                    series.computeIfAbsent(rest, key -> new TreeMap<>()).put(bound, value);
                });
        series.forEach((labels, buckets) -> {
            assertThat(List.copyOf(buckets.values())).as(name).isSorted();
            assertThat(buckets.get(Double.POSITIVE_INFINITY))
                    .as(name)
                    .isEqualTo(series(name + "_count").get(labels));
        });
        assertThat(series).as(name).isNotEmpty();
    }

    Set<String> names() {
        return samples.keySet();
    }

    String type(String name) {
        return types.getOrDefault(name, "");
    }

    Map<Map<String, String>, Double> series(String name) {
        return samples.getOrDefault(name, Map.of());
    }

    /** NaN where there is no such series; {@code labels} are names and values in turn. */
    double value(String name, String... labels) {
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            wanted.put(labels[i], labels[i + 1]);
        }
        return series(name).getOrDefault(wanted, Double.NaN);
    }
}
