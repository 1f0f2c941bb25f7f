package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests that break the rules of HTTP are refused with the same JSON as all others. */
final class ProtocolErrorsTest {
    private static final String HOST = "Host: x\r\n";
    private static HttpServer server;

    @BeforeAll
    static void start() {
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        new InFlight(),
                        List.of(routes -> {
                            routes.get(
                                    "/query",
                                    ctx ->
                                            Json.respond(
                                                    ctx,
                                                    Map.of(
                                                            "q",
                                                            String.valueOf(
                                                                    Fields.query(ctx).text("q")))));
                            routes.post(
                                    "/json",
                                    ctx ->
                                            Json.respond(
                                                    ctx,
                                                    Map.of(
                                                            "bytes",
                                                            RequestBody.bytes(ctx).length)));
                            routes.post(
                                    "/error",
                                    ctx -> {
                                        throw new StackOverflowError("made");
                                    });
                        }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String answer(String request) throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            return client.send(request).endSending().readAll();
        }
    }

    /** Leaving such a parameter out would answer another question than was asked. */
    @Test
    void aBrokenEscapeInAQueryIsRefused() throws IOException {
        String rest = " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
        for (String query : List.of("q=%zz", "q=100%", "q=a%2&limit=1", "%=1", "a=1&q=%%41")) {
            assertJsonError(answer("GET /query?" + query + rest), 400);
        }
        assertThat(answer("GET /query?q=100%25%2f" + rest)).contains("200 OK", "100%/");
        assertThat(answer("GET /query" + rest)).contains("200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/v1/audio/%", "/%00", "/..;/x", "http://[::1"})
    void aMalformedAddressIsSaidToBeThat(String address) throws IOException {
        String answer = answer("GET " + address + " HTTP/1.1\r\n" + HOST + "\r\n");
        assertJsonError(answer, 400);
        assertThat(answer).contains("address").contains("'%25'");
    }

    @Test
    void aFormIsNotReadAsJson() throws IOException {
        String answer =
                answer(
                        "POST /json HTTP/1.1\r\n"
                                + HOST
                                + "Connection: close\r\nContent-Type: multipart/form-data;"
                                + " boundary=x\r\nContent-Length: 6\r\n\r\n--x--\r\n");
        assertJsonError(answer, 400);
        assertThat(answer).contains("Send the fields as one JSON object");
    }

    private static void assertJsonError(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer).doesNotContain(" 499 ").contains("Content-Type: application/json\r\n");
        JsonNode body = Json.mapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(body.path("error").path("message").asString()).isNotBlank();
        assertThat(body.path("detail").asString()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "NONSENSE, 400",
        "GET / HTTP/9.9, 505",
        "GET, 400",
        "GET /%zz HTTP/1.1, 400",
        "'GET / HTTP/1.1~no colon', 400",
        "'GET / HTTP/1.1~ folded: x', 400",
        "'GET / HTTP/1.1~Content-Length: 1~Content-Length: 2', 400",
        "'POST /json HTTP/1.1~Transfer-Encoding: chunked~Content-Length: 2', 400",
        "'POST /json HTTP/1.0~Transfer-Encoding: chunked', 400",
        "'POST /json HTTP/1.1~Transfer-Encoding: gzip', 400"
    })
    void aRequestThatIsNotHttpIsRefusedInJson(String head, int status) throws IOException {
        assertJsonError(answer(head.replace("~", "\r\n") + "\r\n" + HOST + "\r\n"), status);
    }

    @Test
    void addressesAndHeadersThatAreTooLongAreRefusedInJson() throws IOException {
        assertJsonError(answer("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n"), 414);
        assertJsonError(
                answer("GET / HTTP/1.1\r\n" + HOST + "X-Y: " + "a".repeat(20_000) + "\r\n\r\n"),
                431);
    }

    @ParameterizedTest
    @CsvSource({
        "'zz~abc~0~~'",
        "'5~abc'",
        "'5;' ",
        "'3~abcd~0~~'",
        "'fffffffffffffffff~a'",
        "'-1~a~0~~'"
    })
    void aMalformedChunkIsTheClientsFaultAndSaidInJson(String body) throws IOException {
        String head = "POST /json HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
        assertJsonError(answer(head + body.replace("~", "\r\n")), 400);
    }

    @Test
    void aBodyThatEndsTooEarlyIsTheClientsFaultAndSaidInJson() throws IOException {
        assertJsonError(
                answer("POST /json HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n{}"), 400);
    }

    /** Read as it is, it would be called broken JSON or a broken form. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "GZIP, identity"})
    void aCompressedBodyIsRefusedAsThat(String encoding) throws IOException {
        String rest = "Connection: close\r\nContent-Length: 2\r\n\r\n{}";
        String head = "POST /json HTTP/1.1\r\n" + HOST + "Content-Encoding: ";
        String refused = answer(head + encoding + "\r\n" + rest);
        assertJsonError(refused, 415);
        assertThat(refused).contains("Content-Encoding is not accepted", "Accept-Encoding: ");
        assertThat(answer(head + "identity\r\n" + rest)).contains(" 200 ");
    }

    @Test
    void aBodyThatIsAnnouncedTooLongIsRefusedBeforeItComes() throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send("POST /json HTTP/1.1\r\n" + HOST + "Content-Length: 80000000\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 413 ");
            assertThat(client.readUntil("}}")).contains("MAX_JSON_BYTES");
        }
    }

    @Test
    void aJavaErrorIsAnsweredInJsonAsWell() throws IOException {
        assertJsonError(
                answer("POST /error HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"), 500);
    }

    @Test
    void unknownPathsAndMethodsAreRefusedInJson() throws IOException {
        String rest = " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
        assertJsonError(answer("GET /nowhere" + rest), 404);
        assertJsonError(answer("BREW /json" + rest), 405);
        for (String method : List.of("GET", "OPTIONS", "DELETE")) {
            String refused = answer(method + " /json" + rest);
            assertJsonError(refused, 405);
            assertThat(refused).contains("\r\nAllow: POST\r\n");
        }
        assertJsonError(
                answer(
                        "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade:"
                                + " websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n"),
                404);
    }
}
