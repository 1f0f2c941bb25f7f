package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The API's description against the API. */
class OpenApiTest {
    @TempDir Path folder;

    private static JsonNode document(RunningServer server) throws Exception {
        return Json.mapper().readTree(server.ask("GET", "/openapi.json").body());
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionHasARoute() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            TreeSet<String> described = new TreeSet<>();
            document(server)
                    .path("paths")
                    .properties()
                    .forEach(path ->
                            path.getValue()
                                    .propertyNames()
                                    .forEach(method ->
                                            described.add(
                                                    method.toUpperCase(Locale.ROOT)
                                                            + " "
                                                            + path.getKey())));
            assertThat(described).isEqualTo(new TreeSet<>(server.application.routes()));
        }
    }

    @Test
    void realAnswersAreAsDescribed() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            check(server, "GET", "/health", 200, "/health");
            check(server, "GET", "/v1/models", 200, "/v1/models");
            check(server, "GET", "/v1/models?task=x", 422, "/v1/models");
            check(server, "GET", "/v1/registry", 200, "/v1/registry");
            check(server, "GET", "/v1/models/parlo/small", 200, "/v1/models/{id}");
            check(server, "GET", "/v1/models/nope", 404, "/v1/models/{id}");
            check(server, "GET", "/v1/models/%2e%2e%2fx", 400, "/v1/models/{id}");
            check(server, "DELETE", "/v1/models/parlo/small", 409, "/v1/models/{id}");
            check(server, "GET", "/v1/audio/models", 200, "/v1/audio/models");
            check(server, "GET", "/v1/audio/voices", 200, "/v1/audio/voices");
            check(server, "GET", "/v1/audio/transcriptions", 200, "/v1/audio/transcriptions");
            check(server, "POST", "/api/ps/parlo/small", 201, "/api/ps/{id}");
            check(server, "POST", "/api/ps/parlo/small", 409, "/api/ps/{id}");
            check(server, "GET", "/api/ps", 200, "/api/ps");
            check(server, "DELETE", "/api/ps/parlo/small", 200, "/api/ps/{id}");
            check(server, "DELETE", "/api/ps/parlo/small", 404, "/api/ps/{id}");
            check(server, "GET", "/v1/downloads", 200, "/v1/downloads");
            check(server, "GET", "/v1/voices", 200, "/v1/voices");
            check(server, "GET", "/v1/voices/en-us", 200, "/v1/voices/{voice}");
            check(server, "GET", "/v1/voices/nobody", 404, "/v1/voices/{voice}");
            check(server, "GET", "/v2/voices", 200, "/v2/voices");
            HttpResponse<String> json = server.transcribe("parlo/small", "1");
            validate(document(server), "Transcription", Json.mapper().readTree(json.body()));
        }
    }

    @Test
    void documentationIsServedFromTheProgramItself() throws Exception {
        try (RunningServer server = new RunningServer(folder, "API_KEY", "k")) {
            for (String page :
                    List.of(
                            "/docs",
                            "/redoc",
                            "/docs/swagger-ui-bundle.js",
                            "/docs/swagger-ui.css",
                            "/redoc/redoc.standalone.js")) {
                HttpResponse<String> response = server.ask("GET", page);
                assertThat(response.statusCode()).as(page).isEqualTo(200);
                assertThat(response.body()).isNotBlank();
            }
            assertThat(server.ask("GET", "/docs").body()).doesNotContain("http://", "https://");
            assertThat(server.ask("GET", "/docs/..%2fopenapi.json").statusCode()).isIn(400, 404);
        }
    }

    private static void check(
            RunningServer server, String method, String path, int status, String described)
            throws Exception {
        HttpResponse<String> response = server.ask(method, path);
        assertThat(response.statusCode()).as(method + " " + path).isEqualTo(status);
        JsonNode document = document(server);
        JsonNode answer =
                document.path("paths")
                        .path(described)
                        .path(method.toLowerCase(Locale.ROOT))
                        .path("responses")
                        .path(String.valueOf(status));
        if (answer.has("$ref")) {
            answer = document.at(answer.path("$ref").asString().substring(1));
        }
        String schema =
                answer.path("content")
                        .path("application/json")
                        .path("schema")
                        .path("$ref")
                        .asString("");
        assertThat(schema).as(method + " " + described + " " + status).isNotEmpty();
        validate(
                document,
                schema.substring(schema.lastIndexOf('/') + 1),
                Json.mapper().readTree(response.body()));
    }

    private static void validate(JsonNode document, String schema, JsonNode value) {
        ObjectNode root = Json.mapper().createObjectNode();
        root.set("components", document.path("components"));
        root.put("$ref", "#/components/schemas/" + schema);
        List<Error> errors =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(root)
                        .validate(value);
        assertThat(errors).as(schema + " " + value).isEmpty();
    }
}
