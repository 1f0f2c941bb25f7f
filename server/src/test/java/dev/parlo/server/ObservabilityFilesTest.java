package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The dashboard and the alerts beside the figures that a real server shows. */
class ObservabilityFilesTest {
    private static final Path DOCKER = ProjectFiles.root().resolve("docker");
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:parlo|jvm|process|system)_[a-z0-9_]+");

    /** Absent where no GPU has a model. */
    private static final Set<String> OF_GPUS = Set.of("parlo_model_device_memory_bytes");

    private static String text = "";
    private static Scrape scrape = Scrape.parse("# none\n");

    @TempDir static Path folder;

    /** After a transcription, a speech, a refusal and a collection. */
    @BeforeAll
    static void scrape() throws Exception {
        byte[] file = Files.readAllBytes(ProjectFiles.root().resolve("samples/a-miracle.flac"));
        try (ListeningServer server = new ListeningServer(folder)) {
            assertThat(server.transcribe(file).statusCode()).isEqualTo(200);
            assertThat(
                            server.post(
                                            "/v1/audio/speech",
                                            "application/json",
                                            "{\"model\": \"espeak-ng/espeak-ng\", \"input\": \"Yes.\"}"
                                                    .getBytes(
                                                            java.nio.charset.StandardCharsets
                                                                    .UTF_8))
                                    .statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/v1/models/no/such").statusCode()).isEqualTo(404);
            org.awaitility.Awaitility.await()
                    .until(() -> {
                        text = server.get("/metrics").body();
                        scrape = Scrape.parse(text);
                        System.gc(); // counted from the first look on
                        return scrape.names()
                                .containsAll(
                                        Set.of(
                                                "jvm_gc_pause_seconds_sum",
                                                "parlo_speech_first_byte_duration_seconds_sum",
                                                "parlo_http_refusals_total",
                                                "parlo_model_real_time_factor_sum"));
                    });
        }
    }

    private static Set<String> named(String expressions) {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(expressions).results().forEach(found -> names.add(found.group()));
        return names;
    }

    private static void assertMeasured(String expression) {
        for (String name : named(expression)) {
            assertThat(OF_GPUS.contains(name) || scrape.names().contains(name))
                    .as("%s in %s", name, expression)
                    .isTrue();
        }
    }

    @Test
    void everyFigureOfTheDashboardIsInAScrape() throws IOException {
        JsonNode board =
                new ObjectMapper().readTree(Files.readString(DOCKER.resolve("grafana/parlo.json")));
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : board.get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.get("expr").asString());
            }
        }
        for (JsonNode variable : board.at("/templating/list")) {
            expressions.add(variable.path("definition").asString(""));
        }
        assertThat(expressions).hasSizeGreaterThan(25);
        expressions.forEach(ObservabilityFilesTest::assertMeasured);
    }

    @Test
    void everyFigureOfTheAlertsIsInAScrape() throws IOException {
        Map<?, ?> file = yaml(DOCKER.resolve("prometheus/alerts.yml"));
        Map<?, ?> group = (Map<?, ?>) ((List<?>) of(file, "groups")).getFirst();
        List<?> rules = (List<?>) of(group, "rules");
        assertThat(rules).hasSizeGreaterThan(8);
        for (Object rule : rules) {
            String expression = String.valueOf(((Map<?, ?>) rule).get("expr"));
            assertThat(expression.startsWith("up{") || !named(expression).isEmpty())
                    .as(expression)
                    .isTrue();
            assertMeasured(expression);
        }
    }

    /** Where the autoscaler of the chart is explained; what an adapter makes of them has a name. */
    @Test
    void everyFigureThatTheChartScalesByIsInAScrape() throws IOException {
        for (String file : List.of("docker/helm/parlo/templates/NOTES.txt", "docs/scaling.md")) {
            String text =
                    Files.readString(ProjectFiles.root().resolve(file))
                            .replace("parlo_model_queue_wait_seconds_mean", "");
            assertThat(named(text)).contains("parlo_model_queue_wait_seconds_sum");
            assertMeasured(text);
        }
    }

    @Test
    void everyFileThatIsMountedIsThere() throws IOException {
        Map<?, ?> compose = yaml(DOCKER.resolve("compose.observability.yaml"));
        for (Object service : ((Map<?, ?>) of(compose, "services")).values()) {
            for (Object volume : (List<?>) of((Map<?, ?>) service, "volumes")) {
                String from = volume.toString().split(":", 2)[0];
                assertThat(!from.startsWith("./") || Files.exists(DOCKER.resolve(from)))
                        .as(from)
                        .isTrue();
            }
        }
        assertThat(yaml(DOCKER.resolve("prometheus/prometheus.yml")).toString())
                .contains("job_name=parlo");
    }

    /** What {@code promtool check metrics} looks at, for our own figures and their labels. */
    @Test
    void figuresAreNamedAsPrometheusWantsThem() {
        Set<String> described = new TreeSet<>();
        text.lines()
                .filter(line -> line.startsWith("# HELP "))
                .map(line -> line.split(" ", 4))
                .filter(words -> words.length == 4 && !words[3].isBlank())
                .forEach(words -> described.add(words[2]));
        for (String sample : scrape.names()) {
            String name =
                    scrape.type(sample).isEmpty()
                            ? sample.replaceFirst("_(bucket|sum|count)$", "")
                            : sample;
            String type = scrape.type(name);
            assertThat(described).as("a description").contains(name);
            assertThat(name).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*");
            assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
            assertThat(name)
                    .doesNotContainPattern(
                            "_(ns|ms|millis|milliseconds|minutes|hours|kb|mb|gb|kilobytes|megabytes"
                                    + "|percent|counter|gauge|histogram|summary)(_|$)");
            if (type.equals("gauge") || type.equals("counter")) {
                assertThat(name).doesNotContainPattern("_(sum|count|bucket)$");
            }
            scrape.series(sample)
                    .keySet()
                    .forEach(labels ->
                            assertThat(labels.keySet())
                                    .as(sample)
                                    .allMatch(label -> label.matches("[a-z][a-z_]*"))
                                    .matches(all ->
                                            sample.endsWith("_bucket") == all.contains("le")));
        }
    }

    private static Object of(Map<?, ?> map, String key) {
        return java.util.Objects.requireNonNull(map.get(key), key);
    }

    private static Map<?, ?> yaml(Path file) throws IOException {
        Object read =
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        return (Map<?, ?>) java.util.Objects.requireNonNull(read);
    }
}
