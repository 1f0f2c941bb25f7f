package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API's own description, read strictly: a key that it does not name is an error. Remembers what
 * was compared with it.
 */
final class ApiDescription {
    private static final String JSON = "application/json";

    private final JsonNode document;
    private final TreeSet<String> compared = new TreeSet<>();

    ApiDescription(JsonNode document) {
        this.document = document;
        close(document);
    }

    /** Every operation as {@code GET /v1/models}. */
    TreeSet<String> operations() {
        TreeSet<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .propertyNames()
                                .forEach(method ->
                                        operations.add(
                                                method.toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey())));
        return operations;
    }

    /** The operationId of every operation, by its method and path; "" where it has none. */
    SortedMap<String, String> operationIds() {
        SortedMap<String, String> ids = new TreeMap<>();
        for (String operation : operations()) {
            String[] parts = operation.split(" ", 2);
            ids.put(
                    operation,
                    document.path("paths")
                            .path(parts[1])
                            .path(parts[0].toLowerCase(Locale.ROOT))
                            .path("operationId")
                            .asString(""));
        }
        return ids;
    }

    /** The operations that may succeed with JSON. */
    TreeSet<String> operationsWithJson() {
        TreeSet<String> operations = operations();
        operations.removeIf(operation ->
                List.of("200", "201").stream()
                        .allMatch(status -> schema(operation, status).isMissingNode()));
        return operations;
    }

    /** The operations whose success has been compared. */
    TreeSet<String> compared() {
        return compared;
    }

    /** Checks an answer of an operation such as {@code GET /v1/models/{model_id}}. */
    void matches(String operation, HttpResponse<String> response) {
        String status = String.valueOf(response.statusCode());
        JsonNode schema = schema(operation, status);
        assertThat(schema.isMissingNode())
                .as("%s is not described to answer %s: %s", operation, status, response.body())
                .isFalse();
        assertThat(response.headers().firstValue("Content-Type")).hasValue(JSON);
        ObjectNode root = (ObjectNode) schema.deepCopy();
        root.set("components", document.path("components"));
        List<Error> errors =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(root)
                        .validate(Json.mapper().readTree(response.body()));
        assertThat(errors).as(operation + " " + response.body()).isEmpty();
        if (response.statusCode() < 300) {
            compared.add(operation);
        }
    }

    private JsonNode schema(String operation, String status) {
        String[] parts = operation.split(" ", 2);
        JsonNode answer =
                document.path("paths")
                        .path(parts[1])
                        .path(parts[0].toLowerCase(Locale.ROOT))
                        .path("responses")
                        .path(status);
        if (answer.has("$ref")) {
            answer = document.at(answer.path("$ref").asString().substring(1));
        }
        return answer.path("content").path(JSON).path("schema");
    }

    /** Lets every described object have the described keys only. */
    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ApiDescription::close);
    }
}
