package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are held back unfinished, by many clients at once. */
final class MemoryBudgetTest {
    private static final int BUDGET = 1_000_000;
    private static final int HELD = 300_000;
    private static final String HOST = " HTTP/1.1\r\nHost: x\r\n";

    @Test
    void whatIsTakenIsGivenBackOnce() {
        MemoryBudget budget = new MemoryBudget(100);
        MemoryBudget.Share first = budget.open();
        MemoryBudget.Share second = budget.open();
        first.take(60);
        assertThatThrownBy(() -> second.take(41))
                .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.status()).isEqualTo(503));
        second.take(40);
        first.giveBack(10);
        assertThat(budget.held()).isEqualTo(90);
        first.close();
        first.close();
        first.take(50);
        assertThat(budget.held()).isEqualTo(40);
        assertThatThrownBy(() -> second.take(61))
                .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.status()).isEqualTo(413));
    }

    @Test
    void unfinishedBodiesOfAnyKindHoldABoundedSumAndGiveItBack(@TempDir Path folder)
            throws Exception {
        HttpLimits limits =
                new HttpLimits(
                        0,
                        Duration.ofSeconds(20),
                        0,
                        Duration.ofSeconds(30),
                        500_000,
                        500_000,
                        BUDGET);
        MemoryBudget budget = limits.budget();
        try (HttpServer server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        limits,
                        budget,
                        new InFlight(),
                        List.of(routes -> {
                            routes.post(
                                    "/json",
                                    ctx ->
                                            Json.respond(
                                                    ctx,
                                                    Map.of("n", RequestBody.bytes(ctx).length)));
                            routes.post(
                                    "/form",
                                    ctx -> {
                                        UploadLimits uploads = new UploadLimits(folder, 1 << 20);
                                        MultipartForm.read(ctx, Set.of("file"), uploads).close();
                                        ctx.result("read");
                                    });
                        }))) {
            String form =
                    "--b\r\nContent-Disposition: form-data; name=text\r\n\r\n" + "a".repeat(HELD);
            for (String begun :
                    List.of(
                            "POST /json"
                                    + HOST
                                    + "Content-Length: 330000\r\n\r\n"
                                    + "a".repeat(HELD),
                            "POST /json"
                                    + HOST
                                    + "Transfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(HELD + 5)
                                    + "\r\n"
                                    + "a".repeat(HELD),
                            "POST /form"
                                    + HOST
                                    + "Content-Type: multipart/form-data; boundary=b\r\n"
                                    + "Content-Length: 500000\r\n\r\n"
                                    + form)) {
                holdBack(server, budget, begun);
            }
        }
    }

    @Test
    void aBodyOfManySmallValuesCountsWithTheTreeThatItBecomes() throws Exception {
        HttpLimits usual = HttpLimits.USUAL;
        HttpLimits limits =
                new HttpLimits(
                        0,
                        usual.headTime(),
                        0,
                        usual.sendTime(),
                        usual.jsonBytes(),
                        usual.audioBytes(),
                        BUDGET);
        MemoryBudget budget = limits.budget();
        try (HttpServer server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        limits,
                        budget,
                        new InFlight(),
                        List.of(routes -> {
                            routes.post(
                                    "/json",
                                    ctx -> {
                                        Fields.json(RequestBody.bytes(ctx));
                                        ctx.result("read");
                                    });
                            routes.post(
                                    "/twice",
                                    ctx -> {
                                        byte[] body = RequestBody.bytes(ctx);
                                        RequestBody.share(ctx).take(body.length);
                                        ctx.result("read");
                                    });
                        }))) {
            String values = "{\"a\":[" + "{},".repeat(10_000) + "0]}";
            try (RawConnection client = new RawConnection(server.port())) {
                assertThat(client.send(post("/json", values)).readAll())
                        .startsWith("HTTP/1.1 413 ")
                        .contains("MAX_HELD_BYTES");
            }
            // Alone it would fit, twice it never will: coming back does not help.
            try (RawConnection client = new RawConnection(server.port())) {
                assertThat(
                                client.send(
                                                post(
                                                        "/twice",
                                                        "{\"a\":\"" + "a".repeat(600_000) + "\"}"))
                                        .readAll())
                        .startsWith("HTTP/1.1 413 ")
                        .contains("MAX_HELD_BYTES");
            }
            try (RawConnection client = new RawConnection(server.port())) {
                assertThat(
                                client.send(post("/json", "{\"a\":\"" + "a".repeat(30_000) + "\"}"))
                                        .readAll())
                        .startsWith("HTTP/1.1 200 ");
            }
            // While the server lives: what it is stopped in the middle of gives nothing back.
            Awaitility.await().until(() -> budget.held() == 0);
        }
    }

    private static String post(String path, String json) {
        return "POST "
                + path
                + HOST
                + "Connection: close\r\nContent-Length: "
                + json.length()
                + "\r\n\r\n"
                + json;
    }

    private static void holdBack(HttpServer server, MemoryBudget budget, String begun)
            throws IOException {
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                clients.add(new RawConnection(server.port()).send(begun));
            }
            // All of it, so that it is the next one that finds no room.
            Awaitility.await().until(() -> budget.held() >= 3 * (HELD - 100));
            try (RawConnection more = new RawConnection(server.port())) {
                assertThat(more.send(begun).readAll())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("Retry-After: ")
                        .contains("MAX_HELD_BYTES");
            }
            assertThat(budget.held()).isLessThanOrEqualTo(BUDGET);
        } finally {
            for (RawConnection client : clients) {
                client.close();
            }
        }
        Awaitility.await().until(() -> budget.held() == 0);
    }
}
