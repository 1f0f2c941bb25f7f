package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static dev.parlo.server.RunningServer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.Fault;
import dev.parlo.server.cli.ModelCommands;
import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ModelApiTest {
    @TempDir Path folder;

    private static void is(HttpResponse<String> response, int status, String body) {
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.mapper().readTree(response.body());
    }

    @Test
    void modelIsDownloadedListedLoadedUnloadedAndDeletedAsWithSpeaches() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(json(server.ask("GET", "/v1/registry")).at("/data/0/id").asString())
                    .isEqualTo(REMOTE);
            HttpResponse<String> missing = server.ask("POST", "/api/ps/" + REMOTE);
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(json(missing).path("detail").asString())
                    .startsWith("Model 'Acme/tiny' is not installed locally.")
                    .contains("parlo model download Acme/tiny");
            assertThat(json(missing).at("/error/code").asString()).isEqualTo("model_not_found");

            is(server.ask("POST", "/v1/models/" + REMOTE), 200, "Model 'Acme/tiny' downloaded");
            is(server.ask("POST", "/v1/models/" + REMOTE), 201, "Model 'Acme/tiny' already exists");
            assertThat(server.ask("GET", "/v1/models").body())
                    .contains("\"id\":\"Acme/tiny\"", "\"id\":\"parlo/small\"");
            assertThat(json(server.ask("GET", "/v1/models/Acme%2Ftiny")).path("id").asString())
                    .isEqualTo(REMOTE);

            is(
                    server.ask("POST", "/api/ps/" + REMOTE),
                    201,
                    "{\"message\":\"Model 'Acme/tiny' loaded.\"}");
            is(
                    server.ask("POST", "/api/ps/" + REMOTE),
                    409,
                    "{\"message\":\"Model 'Acme/tiny' is already loaded.\"}");
            JsonNode running = json(server.ask("GET", "/api/ps"));
            assertThat(running.at("/models/0").asString()).isEqualTo(REMOTE);
            assertThat(running.at("/details/0/state").asString()).isEqualTo("idle");
            is(
                    server.ask("DELETE", "/api/ps/" + REMOTE),
                    200,
                    "{\"message\":\"Model Acme/tiny unloaded.\"}");
            is(
                    server.ask("DELETE", "/api/ps/" + REMOTE),
                    404,
                    "{\"message\":\"Model Acme/tiny is not loaded.\"}");
            assertThat(server.engines.getFirst().closed).isTrue();

            HttpResponse<String> deleted = server.ask("DELETE", "/v1/models/" + REMOTE);
            assertThat(json(deleted).path("detail").asString())
                    .isEqualTo("Model 'Acme/tiny' deleted");
            assertThat(server.ask("GET", "/v1/models/" + REMOTE).statusCode()).isEqualTo(404);
            assertThat(server.ask("DELETE", "/v1/models/" + REMOTE).statusCode()).isEqualTo(404);
            assertThat(server.ask("DELETE", "/v1/models/" + BUILT_IN).statusCode()).isEqualTo(409);
        }
    }

    @Test
    void headTellsWhatGetWould() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(server.ask("HEAD", "/v1/models/" + BUILT_IN).statusCode()).isEqualTo(200);
            assertThat(server.ask("HEAD", "/v1/models/nope").statusCode()).isEqualTo(404);
            assertThat(server.ask("HEAD", "/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatIsNoAudioIsRefusedBeforeTheModelIsLookedForOrLoaded() throws Exception {
        try (RunningServer server = new RunningServer(folder, "AUTO_DOWNLOAD", "true")) {
            assertThat(server.transcribe(REMOTE, "1", "not audio").statusCode()).isEqualTo(415);
            assertThat(server.transcribe("Acme/unknown", "1", "not audio").statusCode())
                    .isEqualTo(415);
            assertThat(server.transcribe(BUILT_IN, "1", "not audio").statusCode()).isEqualTo(415);
            assertThat(server.ask("GET", "/api/ps").body()).contains("\"models\":[]");
            assertThat(server.engines).isEmpty();
            assertThat(server.hub.requests()).isEmpty();
        }
    }

    @Test
    void downloadTellsItsProgressInEvents() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            HttpResponse<String> response =
                    server.ask("POST", "/v1/models/" + REMOTE, "Accept", "text/event-stream");
            assertThat(response.headers().firstValue("Content-Type"))
                    .hasValue("text/event-stream; charset=utf-8");
            assertThat(response.body())
                    .contains("\"type\":\"download.progress\"", "\"type\":\"download.done\"");
            assertThat(server.ask("GET", "/v1/downloads").body())
                    .isEqualTo("{\"data\":[],\"object\":\"list\"}");
            assertThat(server.ask("DELETE", "/v1/downloads/" + REMOTE).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void missingModelIsDownloadedOnFirstUseWhereThatIsSet() throws Exception {
        try (RunningServer server = new RunningServer(folder, "AUTO_DOWNLOAD", "true")) {
            assertThat(server.transcribe(REMOTE, "1m").statusCode()).isEqualTo(200);
            assertThat(server.transcribe("Acme/unknown", "1m").statusCode()).isEqualTo(404);
            HttpResponse<String> variant = server.transcribe(REMOTE + ":int8", "1m");
            assertThat(variant.statusCode()).isEqualTo(404);
            assertThat(variant.body())
                    .contains("holds no variant 'int8'. It holds: [" + REMOTE + "]");
        }
    }

    @Test
    void plainListIsAsSetAndAQueryOverridesIt() throws Exception {
        Path home = Files.createDirectories(folder.resolve("home"));
        Path aliases = home.resolve("model_aliases.json");
        Files.writeString(aliases, "{\"small\": \"parlo/small\", \"none\": \"Acme/none\"}");
        try (RunningServer server =
                new RunningServer(
                        folder, "LIST_ALIASES", "only", "MODEL_ALIASES_PATH", aliases.toString())) {
            String task = "task=automatic-speech-recognition";
            assertThat(ids(server.ask("GET", "/v1/models?" + task))).containsExactly("small");
            assertThat(ids(server.ask("GET", "/v1/models?include_aliases=true&" + task)))
                    .containsExactly("parlo/small", "small");
            assertThat(ids(server.ask("GET", "/v1/models?include_aliases=false&" + task)))
                    .containsExactly("parlo/small");
            assertThat(json(server.ask("GET", "/v1/models/small")).path("id").asString())
                    .isEqualTo("parlo/small");
        }
    }

    @Test
    void anAliasHidesAnInstalledModelButNoneThatIsBuiltIn() throws Exception {
        Path aliases = folder.resolve("aliases.json");
        Files.writeString(aliases, "{\"parlo/small\": \"Acme/tiny\"}");
        try (RunningServer server =
                new RunningServer(folder, "MODEL_ALIASES_PATH", aliases.toString())) {
            server.ask("POST", "/v1/models/" + REMOTE);
            String list = "/v1/models?include_aliases=true&task=automatic-speech-recognition";
            assertThat(ids(server.ask("GET", list))).containsExactly(REMOTE, "parlo/small");
            assertThat(json(server.ask("GET", "/v1/models/parlo/small")).path("id").asString())
                    .isEqualTo("parlo/small");
            assertThat(server.ask("DELETE", "/v1/models/parlo/small").statusCode()).isEqualTo(409);
            assertThat(ids(server.ask("GET", list))).contains(REMOTE);

            Files.writeString(aliases, "{\"Acme/tiny\": \"parlo/small\", \"other\": \"x/y\"}");
            assertThat(json(server.ask("GET", "/v1/models/Acme/tiny")).path("id").asString())
                    .isEqualTo("parlo/small");
            assertThat(ids(server.ask("GET", list))).containsExactly("parlo/small", "Acme/tiny");
        }
    }

    private static List<String> ids(HttpResponse<String> list) {
        return json(list).path("data").valueStream().map(row -> row.path("id").asString()).toList();
    }

    @Test
    void leftoversOfAKilledServerGoAtTheNextStart() throws Exception {
        Path grave = folder.resolve("cache/.deleting-1/models--a--b/blobs");
        Files.createDirectories(grave);
        Files.writeString(grave.resolve("x"), "half deleted");
        try (RunningServer server = new RunningServer(folder)) {
            Awaitility.await().until(() -> !Files.exists(folder.resolve("cache/.deleting-1")));
            assertThat(server.ask("GET", "/v1/models").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusalOfAStreamedDownloadIsAnOrdinaryAnswer() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            HttpResponse<String> refused = server.ask("POST", "/v1/models/Acme/none?stream=true");
            assertThat(refused.statusCode()).isEqualTo(404);
            assertThat(json(refused).path("detail").asString())
                    .isEqualTo("Model 'Acme/none' not found"); // exactly Speaches' sentence
            assertThat(json(refused).at("/error/message").asString()).contains("HF_TOKEN");
        }
    }

    @Test
    void hostileIdsAreRefusedOnEveryRoute() throws Exception {
        String[] ids = {
            "..%2f..%2fetc",
            "..",
            "%2e%2e/x",
            "%2fetc%2fpasswd",
            "C:%5Cx",
            "con",
            "a--b/c",
            "a/b/c",
            "%F0%9F%98%80",
            "a%0d%0ab",
            "a%5c..%5cb",
            "x".repeat(4000)
        };
        String[] routes = {
            "GET /v1/models/",
            "POST /v1/models/",
            "DELETE /v1/models/",
            "POST /api/ps/",
            "DELETE /api/ps/",
            "DELETE /v1/downloads/"
        };
        try (RunningServer server = new RunningServer(folder)) {
            for (String route : routes) {
                String[] parts = route.split(" ", 2);
                for (String id : ids) {
                    assertThat(server.ask(parts[0], parts[1] + id).statusCode())
                            .as(route + id)
                            .isIn(400, 404, 405);
                }
            }
            assertThat(server.ask("GET", "/v1/models/a%00b").statusCode()).isEqualTo(400);
            assertThat(server.hub.requests()).isEmpty();
        }
    }

    /** A list that is not whole must not look as if it were, to a program and to a person. */
    @Test
    void aListThatIsNotWholeSaysSoEverywhere() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            server.hub.fault(new Fault("silero-vad", Fault.Kind.STATUS, 500));
            assertThat(json(server.ask("GET", "/v1/registry")).path("problems"))
                    .singleElement()
                    .asString()
                    .contains("500");
            ModelCommands.Result listed =
                    ModelCommands.run(
                            new String[] {"--url", server.application.url()}, "registry", "ls");
            assertThat(listed.status()).isZero();
            assertThat(listed.out()).contains(REMOTE);
            assertThat(listed.err()).startsWith("parlo: ").contains("500");
        }
    }

    /** The Hub's own limit is passed on as the wait of our answer. */
    @Test
    void theHubsRateLimitIsPassedOnAsRetryAfter() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            server.hub.fault(new Fault("", Fault.Kind.HUB_LIMIT, 40));
            for (String route : new String[] {"POST /v1/models/" + REMOTE, "GET /v1/registry"}) {
                HttpResponse<String> limited =
                        server.ask(route.split(" ", 2)[0], route.split(" ", 2)[1]);
                assertThat(limited.statusCode()).as(route).isEqualTo(503);
                assertThat(limited.headers().firstValue("Retry-After")).contains("41");
            }
        }
    }

    @Test
    void commandLineDoesTheSameAgainstAServerAndWithoutOne() throws Exception {
        try (RunningServer server = new RunningServer(folder, "API_KEY", "k")) {
            String[] there = {"--url", server.application.url(), "--api-key", "k"};
            assertThat(ModelCommands.run(there, "registry", "ls").out()).contains(REMOTE);
            assertThat(ModelCommands.run(there, "model", "download", REMOTE).out())
                    .contains("Model 'Acme/tiny' downloaded");
            assertThat(ModelCommands.run(there, "ps", "load", REMOTE).out())
                    .contains("Model 'Acme/tiny' loaded.");
            assertThat(ModelCommands.run(there, "ps", "ls").out()).contains("\"state\" : \"idle\"");
            ModelCommands.Result refused = ModelCommands.run(there, "ps", "load", REMOTE);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.err()).contains("already loaded");
            assertThat(ModelCommands.run(there, "ps", "unload", REMOTE).status()).isZero();
            assertThat(ModelCommands.run(there, "model", "show", REMOTE).out())
                    .contains("size_bytes");
            assertThat(ModelCommands.run(there, "model", "rm", REMOTE).status()).isZero();
            String[] stranger = {"--url", server.application.url()};
            assertThat(ModelCommands.run(stranger, "model", "ls").err())
                    .contains("API key required");
            assertThat(ModelCommands.run(there, "model", "ls", "--nonsense").status()).isEqualTo(2);
        }
    }
}
