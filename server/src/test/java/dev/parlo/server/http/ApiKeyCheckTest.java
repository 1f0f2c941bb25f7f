package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyCheckTest {
    private static final String MISSING =
            "API key required. Please provide an API key using the Authorization header with Bearer"
                    + " scheme.";
    private static final String WRONG = "Invalid API key. The provided API key is incorrect.";

    private static HttpResponse<String> ask(
            ApiKeyCheck check, List<String> origins, String method, String path, String... headers)
            throws Exception {
        try (HttpServer server =
                        HttpServer.start(
                                "127.0.0.1",
                                0,
                                new InFlight(),
                                List.of(
                                        new CrossOrigin(origins)::register,
                                        check::register,
                                        routes -> {
                                            for (String open :
                                                    List.of("/health", "/docs", "/docs/ui.css")) {
                                                routes.get(open, ctx -> ctx.result("in"));
                                            }
                                            for (String list :
                                                    List.of(
                                                            "/v1/models",
                                                            "/v1/audio/models/",
                                                            "/v1/audio/voices")) {
                                                routes.get(list, ctx -> ctx.result("in"));
                                            }
                                            routes.get("/v1/audio/speech", ctx -> ctx.result("in"));
                                            routes.get(
                                                    "/v1/audio/speech/", ctx -> ctx.result("in"));
                                            routes.post(
                                                    "/v1/audio/speech", ctx -> ctx.result("in"));
                                            routes.get("/metrics", ctx -> ctx.result("in"));
                                        }));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody());
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> ask(String method, String path, String... headers)
            throws Exception {
        return ask(
                new ApiKeyCheck(List.of("first", "second"), false),
                List.of(),
                method,
                path,
                headers);
    }

    @Test
    void withoutHeaderThePathToAKeyIsTold() throws Exception {
        HttpResponse<String> response = ask("GET", "/v1/models");
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(Json.mapper().readTree(response.body()).path("detail").asString())
                .isEqualTo(MISSING);
        assertThat(Json.mapper().readTree(response.body()).at("/error/code").asString())
                .isEqualTo("invalid_api_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "bearer firs", "Bearer first1", "Bearer first,second"})
    void wrongKeyIsRefused(String header) throws Exception {
        HttpResponse<String> response = ask("GET", "/v1/models", "Authorization", header);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(Json.mapper().readTree(response.body()).path("detail").asString())
                .isEqualTo(WRONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "Basic Zmlyc3Q6", "Bearer", "Bearer "})
    void headerOfAnotherKindCountsAsMissing(String header) throws Exception {
        HttpResponse<String> response = ask("GET", "/v1/models", "Authorization", header);
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains(MISSING);
    }

    @ParameterizedTest
    @CsvSource({
        "Authorization,Bearer first",
        "Authorization,bearer second",
        "Authorization,BEARER first",
        "X-API-Key,second",
        "x-api-key,first"
    })
    void everyKeyOpensByEitherHeader(String name, String value) throws Exception {
        assertThat(ask("GET", "/v1/models", name, value).body()).isEqualTo("in");
    }

    @Test
    void strictServerAnswers401AsOpenAi() throws Exception {
        HttpResponse<String> response =
                ask(new ApiKeyCheck(List.of("k"), true), List.of(), "GET", "/v1/models");
        assertThat(response.statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/health", "/docs", "/docs/ui.css", "/v1/audio/speech", "/v1/audio/speech/"})
    void publicPathsNeedNoKey(String path) throws Exception {
        assertThat(ask("GET", path).statusCode()).isEqualTo(200);
        assertThat(ask("HEAD", path).statusCode()).isEqualTo(200);
    }

    @Test
    void whatPublicPathsDoNeedsOne() throws Exception {
        assertThat(ask("POST", "/v1/audio/speech").statusCode()).isEqualTo(403);
        assertThat(ask("GET", "/metrics").statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/../v1/models",
                "/docs/%2e%2e/v1/models",
                "/docs/..%2fv1/models",
                "//v1/models",
                "/v1/models;x=/docs/",
                "/V1/models",
                "/docs%2f../v1/models"
            })
    void noSpellingOfAPathLeadsAroundTheKey(String path) throws Exception {
        assertThat(ask("GET", path).body()).isNotEqualTo("in");
    }

    @Test
    void withoutKeysEveryoneIsLetIn() throws Exception {
        assertThat(ask(new ApiKeyCheck(List.of(), false), List.of(), "GET", "/v1/models").body())
                .isEqualTo("in");
    }

    @Test
    void emptyKeyIsNoKey() {
        assertThatThrownBy(() -> new ApiKeyCheck(List.of("a", " "), false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void onlyTheExactKeyIsAccepted(@ForAll String key, @ForAll String given) {
        if (!key.isBlank()) {
            ApiKeyCheck check = new ApiKeyCheck(List.of(key), false);
            assertThat(check.accepts(key)).isTrue();
            assertThat(check.accepts(given)).isEqualTo(given.equals(key));
            assertThat(check.accepts(null)).isFalse();
        }
    }

    @Test
    void allowedOriginMayCallAndSeesRefusalsToo() throws Exception {
        HttpResponse<String> response =
                ask(
                        new ApiKeyCheck(List.of("k"), false),
                        List.of("https://a.example"),
                        "GET",
                        "/v1/models",
                        "Origin",
                        "https://a.example");
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://a.example");
        assertThat(response.headers().firstValue("Access-Control-Allow-Credentials"))
                .hasValue("true");
        assertThat(response.headers().allValues("Vary")).contains("Origin");
    }

    @Test
    void preflightIsAnsweredWithoutKeyOnlyForAllowedOrigins() throws Exception {
        ApiKeyCheck check = new ApiKeyCheck(List.of("k"), false);
        String[] headers = {
            "Origin", "https://a.example",
            "Access-Control-Request-Method", "POST",
            "Access-Control-Request-Headers", "authorization,content-type"
        };
        HttpResponse<String> allowed =
                ask(check, List.of("https://a.example"), "OPTIONS", "/v1/audio/speech", headers);
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValue("authorization,content-type");
        HttpResponse<String> refused =
                ask(check, List.of("https://b.example"), "OPTIONS", "/v1/audio/speech", headers);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "true, GET, /v1/audio/voices, 200", "true, GET, /v1/audio/models/, 200",
        "true, POST, /v1/audio/voices, 403", "true, GET, /v1/models, 403",
        "false, GET, /v1/audio/voices, 403", "false, GET, /v1/audio/models, 403"
    })
    void namesOfModelsAndVoicesAreToldWithoutAKeyWhereThatIsSet(
            boolean publicLists, String method, String path, int status) throws Exception {
        ApiKeyCheck check =
                new ApiKeyCheck(List.of("k"), false, publicLists, Set.of(), key -> false);
        assertThat(ask(check, List.of(), method, path).statusCode()).isEqualTo(status);
    }

    @Test
    void wildcardLetsEveryOriginInWithoutCredentials() throws Exception {
        HttpResponse<String> response =
                ask(
                        new ApiKeyCheck(List.of(), false),
                        List.of("*"),
                        "GET",
                        "/v1/models",
                        "Origin",
                        "https://any.example");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(response.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    }
}
