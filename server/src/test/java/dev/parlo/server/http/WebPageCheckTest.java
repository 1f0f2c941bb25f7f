package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages of the web against a server that needs no key. */
final class WebPageCheckTest {
    private static HttpServer loopback;

    @BeforeAll
    static void start() {
        loopback = server("127.0.0.1");
    }

    private static HttpServer server(String listen) {
        return HttpServer.start(
                "127.0.0.1",
                0,
                new InFlight(),
                List.of(
                        new WebPageCheck(
                                        List.of("https://friend.org"),
                                        List.of("speech.home.arpa"),
                                        listen)
                                ::register,
                        routes -> {
                            routes.get("/", ctx -> ctx.result("done"));
                            routes.post("/work", ctx -> ctx.result("done"));
                            routes.ws("/socket", socket -> {});
                        }));
    }

    @AfterAll
    static void stop() {
        loopback.close();
    }

    private static String status(HttpServer server, String request) throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            String head = client.send(request + "\r\n").readUntil("\r\n\r\n");
            return head.split(" ", 3)[1];
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8000, , 200",
        "127.0.0.1, , 200",
        "localhost:8000, http://localhost:8000, 200",
        "LocalHost:80, http://localhost, 200",
        "localhost:8000, https://friend.org, 200",
        "localhost:8000, chrome-extension://abc, 200",
        "localhost:8000, http://evil.example, 403",
        "localhost:8000, http://localhost:3000, 403",
        "localhost:8000, https://friend.org.evil.example, 403",
        "localhost:8000, null, 403",
        "localhost:8000, http://, 403",
        "evil.example, , 403",
        "evil.example:8000, http://evil.example:8000, 403",
        "localhost.evil.example, , 403",
        "friend.org, , 200",
        "speech.home.arpa, , 200",
        "[::1]:8000, , 200",
        "a.localhost, , 200",
        "parlo:8000, , 200",
        "parlo:8000, http://evil.example, 403"
    })
    void foreignPagesStartNothingAndOpenNoSocket(String host, String origin, String expected)
            throws IOException {
        String headers =
                "Host: " + host + "\r\n" + (origin == null ? "" : "Origin: " + origin + "\r\n");
        assertThat(status(loopback, "POST /work HTTP/1.1\r\n" + headers)).isEqualTo(expected);
        assertThat(
                        status(
                                loopback,
                                "GET /socket HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade:"
                                        + " websocket\r\nSec-WebSocket-Version: 13\r\n"
                                        + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n"
                                        + headers))
                .isEqualTo(expected.equals("200") ? "101" : expected);
    }

    @ParameterizedTest
    @CsvSource({"evil.example, 403", "localhost, 200"})
    void aNameThatIsNotOursReadsNothingEither(String host, String expected) throws IOException {
        assertThat(status(loopback, "GET / HTTP/1.1\r\nHost: " + host + "\r\n"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "anything.example, , 200",
        "anything.example, https://anything.example, 200",
        "anything.example, http://evil.example, 403"
    })
    void onEveryAddressNamesAreNotCheckedButOriginsAre(String host, String origin, String expected)
            throws IOException {
        String headers =
                "Host: " + host + "\r\n" + (origin == null ? "" : "Origin: " + origin + "\r\n");
        try (HttpServer everywhere = server("0.0.0.0")) {
            assertThat(status(everywhere, "POST /work HTTP/1.1\r\n" + headers)).isEqualTo(expected);
        }
    }
}
