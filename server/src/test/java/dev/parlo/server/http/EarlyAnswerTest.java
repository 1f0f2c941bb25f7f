package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are refused while their bodies are still on the way. */
final class EarlyAnswerTest {
    private static final int BYTES = 30_000_000;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        new InFlight(),
                        List.of(
                                new ApiKeyCheck(List.of("key"), false)::register,
                                routes ->
                                        routes.post(
                                                "/json",
                                                ctx ->
                                                        Json.respond(
                                                                ctx,
                                                                Map.of(
                                                                        "bytes",
                                                                        RequestBody.bytes(ctx)
                                                                                .length)))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "wrong, /json, 403, false",
        "key, /json, 413, false",
        "key, /json, 413, true",
        "key, /nowhere, 404, false",
        "key, /nowhere, 404, true"
    })
    void aClientThatSendsEverythingBeforeItReadsSeesWhyItWasRefused(
            String key, String path, int status, boolean chunked) throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send(
                    "POST "
                            + path
                            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                            + key
                            + (chunked
                                    ? "\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    : "\r\nContent-Length: " + BYTES + "\r\n\r\n"));
            byte[] part = new byte[1_000_000];
            for (int i = 0; i < BYTES / part.length; i++) {
                if (chunked) {
                    client.send("f4240\r\n").send(part).send("\r\n");
                } else {
                    client.send(part);
                }
            }
            if (chunked) {
                client.send("0\r\n\r\n");
            }
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("Connection: close")
                    .contains("\"error\":");
        }
    }

    @ParameterizedTest
    @CsvSource({"wrong, /json, 403", "key, /json, 413", "key, /nowhere, 404"})
    void aClientThatAsksBeforeItSendsIsNotToldToSendWhatIsRefused(
            String key, String path, int status) throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send(
                    "POST "
                            + path
                            + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                            + "Authorization: Bearer "
                            + key
                            + "\r\nContent-Length: "
                            + BYTES
                            + "\r\n\r\n");
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("Connection: close");
        }
    }

    @Test
    void aClientThatWasToldToSendSeesWhyItWasRefusedMeanwhile() throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send(
                    "POST /json HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                            + "Authorization: Bearer key\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            byte[] part = new byte[1_000_000];
            for (int i = 0; i < BYTES / part.length; i++) {
                client.send("f4240\r\n").send(part).send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ").contains("\"error\":");
        }
    }

    @Test
    void aClientThatAsksBeforeItSendsIsToldToSendWhatIsWanted() throws IOException {
        try (RawConnection client = new RawConnection(server.port())) {
            client.send(
                    "POST /json HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                            + "Authorization: Bearer key\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 ");
            client.send("{}");
            assertThat(client.readUntil("}")).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void aServerThatStopsIsHeardToSayItAsWell() throws IOException {
        try (HttpServer stopping = HttpServer.start("127.0.0.1", 0, new InFlight(), List.of());
                RawConnection client = new RawConnection(stopping.port())) {
            stopping.drain(Duration.ZERO);
            client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: " + BYTES + "\r\n\r\n");
            client.send(new byte[BYTES]);
            assertThat(client.readAll()).startsWith("HTTP/1.1 503 ").contains("Retry-After");
        }
    }

    @Test
    void whatAClientSentIsNotSentBackAtAnyLength() {
        String message = ApiError.of(404, "There is no '" + "x".repeat(100_000) + "'.").message();
        assertThat(message).hasSizeLessThan(5000).startsWith("There is no 'xxx").endsWith("…");
    }
}
