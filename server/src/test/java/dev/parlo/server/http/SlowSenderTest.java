package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send a byte now and then, and those that come in great numbers. */
final class SlowSenderTest {
    private static final int MOST_CONNECTIONS = 8;

    @TempDir static Path folder;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        HttpLimits limits =
                new HttpLimits(
                        MOST_CONNECTIONS,
                        Duration.ofMillis(600),
                        256,
                        Duration.ofSeconds(30),
                        1 << 20,
                        1 << 20,
                        0);
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        limits,
                        limits.budget(),
                        new InFlight(),
                        List.of(routes -> {
                            routes.get("/", ctx -> ctx.result("hello"));
                            routes.post(
                                    "/json",
                                    ctx ->
                                            Json.respond(
                                                    ctx,
                                                    Map.of(
                                                            "bytes",
                                                            RequestBody.bytes(ctx).length)));
                            routes.post(
                                    "/form",
                                    ctx -> {
                                        UploadLimits uploads = new UploadLimits(folder, 1 << 20);
                                        MultipartForm.read(ctx, Set.of("file"), uploads).close();
                                        ctx.result("read");
                                    });
                        }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Sends a beginning, then a byte now and then until the server has had enough. */
    private static String drip(String beginning, String drop) throws Exception {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send(beginning);
            Thread dripping =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        Thread.sleep(100);
                                        client.send(drop);
                                    }
                                } catch (IOException | InterruptedException cut) {
                                    // that is what is waited for
                                }
                            });
            String answer = client.readAll();
            dripping.interrupt();
            return answer;
        }
    }

    private static void assertTooSlow(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 408 ")
                .contains("application/json")
                .contains("\"code\":\"request_timeout\"");
    }

    @Test
    void aHeadThatDripsIsCut() throws Exception {
        assertTooSlow(drip("GET / HT", "T"));
        assertTooSlow(drip("GET / HTTP/1.1\r\nHost: x\r\nX-Y: ", "a"));
        assertTooSlow(drip("", "\r\n"));
    }

    @Test
    void aSecondHeadThatDripsIsCutToo() {
        // again where this thread itself took too long over the first one
        Awaitility.await().untilAsserted(SlowSenderTest::secondHead);
    }

    private static void secondHead() throws Exception {
        String first = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        String answer = drip(first + "GET / HTTP/1.1\r\nHost: ", "x");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertTooSlow(answer.substring(answer.indexOf("hello") + 5));
    }

    @Test
    void aBodyThatDripsIsCut() throws Exception {
        String head = " HTTP/1.1\r\nHost: x\r\n";
        assertTooSlow(drip("POST /json" + head + "Content-Length: 1000\r\n\r\n", " "));
        assertTooSlow(
                drip("POST /json" + head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"));
        // bytes that are not content: the size of a chunk, an extension of it, a trailer
        String chunked = "POST /json" + head + "Transfer-Encoding: chunked\r\n\r\n";
        assertTooSlow(drip(chunked, "0"));
        assertTooSlow(drip(chunked + "5;", "a"));
        assertTooSlow(drip(chunked + "1\r\na\r\n0\r\nX-Y: ", "a"));
        String form = "POST /form" + head + "Content-Type: multipart/form-data; boundary=b\r\n";
        String disposition = "--b\r\nContent-Disposition: form-data; name=";
        assertTooSlow(drip(form + "Content-Length: 9999\r\n\r\n--b\r\nX: ", "a"));
        assertTooSlow(drip(form + "Content-Length: 9999\r\n\r\n" + disposition + "a\r\n\r\n", "a"));
        assertTooSlow(
                drip(form + "Content-Length: 9999\r\n\r\n" + disposition + "file\r\n\r\n", "a"));
    }

    @Test
    void connectionsBeyondTheLimitAreToldToComeBack() throws Exception {
        List<RawConnection> open = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CONNECTIONS; i++) {
                RawConnection client = new RawConnection(server.port());
                open.add(client);
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                client.readUntil("hello");
            }
            try (RawConnection more = new RawConnection(server.port())) {
                more.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(more.readAll())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("Retry-After: 2")
                        .contains("too_many_connections");
            }
        } finally {
            for (RawConnection client : open) {
                client.close();
            }
        }
        Awaitility.await().until(SlowSenderTest::isServed);
    }

    private static boolean isServed() throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            return client.readAll().endsWith("hello");
        }
    }
}
