package dev.parlo.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.DoorServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page promises without a browser; client-tests has it in one. */
class PageTest {
    private static final Pattern REFERENCE = Pattern.compile("[\"'](/page/[^\"']+)[\"']");

    @TempDir static Path folder;
    private static DoorServer server;

    @BeforeAll
    static void start() throws IOException {
        server = DoorServer.start(folder, "API_KEY", "secret");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Every file that the page names, and those that they name. */
    private static Set<String> reached() throws Exception {
        Set<String> seen = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(Set.of("/"));
        while (!open.isEmpty()) {
            String path = open.pop();
            HttpResponse<String> file = server.get(path);
            assertThat(file.statusCode()).as(path).isEqualTo(200);
            Matcher reference = REFERENCE.matcher(file.body());
            while (reference.find()) {
                if (seen.add(reference.group(1))) {
                    open.push(reference.group(1));
                }
            }
        }
        return seen;
    }

    @Test
    void thePageAndItsFilesComeFromTheServerWithoutAKey() throws Exception {
        assertThat(reached())
                .contains("/page/main.js", "/page/page.css", "/page/capture.js", "/page/icon.svg");
        assertThat(server.get("/").headers().firstValue("Content-Type"))
                .contains("text/html; charset=utf-8");
        assertThat(server.get("/page/main.js").headers().firstValue("Content-Type"))
                .contains("text/javascript; charset=utf-8");
        assertThat(server.get("/page/none.js").statusCode()).isEqualTo(404);
        assertThat(server.get("/page/..%2Fdocs%2Fopenapi.json").statusCode()).isBetween(400, 404);
        assertThat(server.get("/v1/models").statusCode()).isEqualTo(403);
    }

    @Test
    void noScriptButItsOwnCanRunInIt() throws Exception {
        HttpResponse<String> page = server.get("/");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "connect-src 'self'",
                        "require-trusted-types-for 'script'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.body())
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("\\son[a-z]+=")
                .doesNotContainPattern("\\sstyle=");
        for (String path : reached()) {
            if (path.endsWith(".js")) {
                assertThat(server.get(path).body())
                        .as(path)
                        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(");
            }
            if (!path.endsWith(".svg")) {
                assertThat(server.get(path).body()).as(path).doesNotContainPattern("https?://");
            }
        }
    }

    @Test
    void aBrowserThatHasAFileIsToldThatItHasNotChanged() throws Exception {
        String tag = server.get("/page/main.js").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = server.get("/page/main.js", "If-None-Match", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }
}
