package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a page may read that is let in. */
final class CrossOriginTest {
    /** Names of requests' headers, and of those that are for proxies. */
    private static final Set<String> NOT_FOR_PAGES =
            Set.of(
                    "X-API-Key",
                    "X-Accel-Buffering",
                    "X-Content-Type-Options",
                    "X-Forwarded-Host",
                    "X-OpenAI-Agents-SDK",
                    "X-Request-Timeout");

    @Test
    void withCredentialsEveryHeaderIsNamedThatAPageMayRead() throws Exception {
        try (HttpServer server =
                        HttpServer.start(
                                "127.0.0.1",
                                0,
                                new InFlight(),
                                List.of(
                                        new CrossOrigin(List.of("https://a.example"))::register,
                                        routes -> routes.get("/", ctx -> ctx.result("hello"))));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + server.port() + "/"))
                                    .header("Origin", "https://a.example")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .contains("true");
            assertThat(answer.headers().firstValue("Access-Control-Expose-Headers"))
                    .hasValueSatisfying(names ->
                            assertThat(names.split(", "))
                                    .contains("X-Parlo-Model", "Retry-After")
                                    .doesNotContain("*"));
        }
    }

    @Test
    void noHeaderOfOursIsForgotten() throws IOException {
        Set<String> written = new TreeSet<>();
        Path sources = ProjectFiles.root().resolve("server/src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
                Matcher names =
                        Pattern.compile("\"(X-[A-Z][A-Za-z-]*)\"").matcher(Files.readString(file));
                while (names.find()) {
                    written.add(names.group(1));
                }
            }
        }
        written.removeAll(NOT_FOR_PAGES);
        assertThat(CrossOrigin.EXPOSED).containsAll(written);
    }
}
