package dev.parlo.server.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;

/** The values of the chart and their schema. */
class ChartValuesTest {
    @TempDir Path folder;

    private static JsonNode schema() throws IOException {
        return Json.mapper().readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")));
    }

    private static Map<String, Object> values() throws IOException {
        return Manifests.map(
                new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(Chart.FOLDER.resolve("values.yaml"))));
    }

    /** What the schema describes, as paths; objects of Kubernetes end one. */
    private static TreeSet<String> described(String path, JsonNode schema) {
        TreeSet<String> all = new TreeSet<>();
        assertThat(path.isEmpty() || !schema.path("description").asString("").isBlank())
                .as("a description of " + path)
                .isTrue();
        JsonNode properties = schema.path("properties");
        if (properties.isMissingNode()) {
            all.add(path);
        } else {
            assertThat(schema.path("additionalProperties").asBoolean(true)).as(path).isFalse();
            properties
                    .properties()
                    .forEach(property ->
                            all.addAll(
                                    described(
                                            path + "/" + property.getKey(), property.getValue())));
        }
        return all;
    }

    private static TreeSet<String> given(String path, Map<String, Object> values, JsonNode schema) {
        TreeSet<String> all = new TreeSet<>();
        values.forEach((key, value) -> {
            JsonNode below = schema.path("properties").path(key);
            if (value instanceof Map<?, ?> && below.has("properties")) {
                all.addAll(given(path + "/" + key, Manifests.map(value), below));
            } else {
                all.add(path + "/" + key);
            }
        });
        return all;
    }

    @Test
    void everyValueIsDescribedAndEveryDescribedOneIsThere() throws IOException {
        TreeSet<String> described = described("", schema());
        described.remove("/global"); // Helm's own
        described.remove("/resources/claims"); // of Kubernetes; without a default
        assertThat(given("", values(), schema())).isEqualTo(described);
    }

    @Test
    void theDefaultsAreAsTheSchemaWantsThem() throws IOException {
        assertThat(
                        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                                .getSchema(schema())
                                .validate(Json.mapper().valueToTree(values())))
                .isEmpty();
    }

    /** Values that a hurried operator would write, and what the message must name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"replcias\": 3} | replcias",
                "{\"autoscaling\": {\"enable\": true}} | enable",
                "{\"models\": {\"persistence\": {\"existingclaim\": \"x\"}}} | existingclaim",
                "{\"resources\": {\"limit\": {}}} | limit",
                "{\"replicas\": \"three\"} | replicas",
                "{\"gpu\": {\"count\": true}} | count",
                "{\"gpu\": {\"count\": -1}} | count",
                "{\"autoscaling\": {\"enabled\": \"yes\"}} | enabled",
                "{\"autoscaling\": {\"target\": \"half a second\"}} | target",
                "{\"service\": {\"port\": 80000}} | port",
                "{\"service\": {\"type\": \"Loadbalancer\"}} | type",
                "{\"image\": {\"pullPolicy\": \"always\"}} | pullPolicy",
                "{\"image\": {\"tag\": 20261128}} | tag",
                "{\"preload\": {\"models\": \"a/b\"}} | models",
                "{\"settings\": {\"LOG LEVEL\": \"debug\"}} | LOG LEVEL",
                "{\"models\": {\"persistence\": {\"size\": \"20 GB\"}}} | size",
                "{\"models\": {\"persistence\": {\"accessModes\": [\"RWX\"]}}} | accessModes",
                "{\"serviceMonitor\": {\"interval\": 15}} | interval",
                "{\"podDisruptionBudget\": {\"maxUnavailable\": \"half\"}} | maxUnavailable",
                "{\"fullnameOverride\": \"My_Name\"} | fullnameOverride",
                "{\"podLabels\": {\"team\": 7}} | team"
            })
    void aMisspelledOrWrongValueIsRefusedNamingIt(String values, String named) {
        Chart chart = new Chart(folder);
        assertThatThrownBy(() -> chart.render("s", values))
                .hasMessageContaining("values don't meet the specifications of the schema")
                .hasMessageContaining(named);
    }
}
