package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Latches;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of what a client sends is not the end of the client. */
final class HalfCloseTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch gone = new CountDownLatch(1);
    private final CountDownLatch timerGoesOn = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);
    private final CountDownLatch working = new CountDownLatch(1);
    private final HttpServer server =
            HttpServer.start(
                    "127.0.0.1",
                    0,
                    new InFlight(),
                    List.of(routes -> {
                        routes.post(
                                "/whole",
                                ctx -> {
                                    RequestBody.bytes(ctx);
                                    try (ClientWatch watch =
                                            ClientWatch.open(ctx, timer, gone::countDown)) {
                                        working.countDown();
                                        answer.await(60, TimeUnit.SECONDS);
                                    }
                                    ctx.result("the answer");
                                });
                        routes.post(
                                "/held",
                                ctx -> {
                                    RequestBody.bytes(ctx);
                                    try (ClientWatch watch =
                                            ClientWatch.open(ctx, timer, this::awaitTimer)) {
                                        answer.await(60, TimeUnit.SECONDS);
                                    }
                                });
                        routes.post(
                                "/events",
                                ctx -> {
                                    RequestBody.bytes(ctx);
                                    try (ClientWatch watch =
                                                    ClientWatch.open(ctx, timer, gone::countDown);
                                            SseWriter events =
                                                    new SseWriter(
                                                            ctx,
                                                            timer,
                                                            Duration.ofMinutes(1),
                                                            gone::countDown)) {
                                        events.send("first");
                                        working.countDown();
                                        answer.await(60, TimeUnit.SECONDS);
                                        events.send("the answer");
                                    }
                                });
                    }));

    /** What a client's end leads to may wait for others, which the timer must not. */
    private void awaitTimer() {
        timer.execute(timerGoesOn::countDown);
        Latches.await(timerGoesOn);
        gone.countDown();
    }

    @AfterEach
    void stop() {
        timerGoesOn.countDown();
        answer.countDown();
        server.close();
        timer.shutdownNow();
    }

    private RawConnection request(String path) throws Exception {
        return new RawConnection(server.port())
                .send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void aClientThatEndsSendingGetsItsAnswerAndNothingElse() throws Exception {
        try (RawConnection client = request("/whole").endSending()) {
            working.await();
            // it is asked meanwhile whether it is still there, and does not see it
            assertThat(gone.await(2, TimeUnit.SECONDS)).isFalse();
            answer.countDown();
            assertThat(client.readAll()).startsWith("HTTP/1.1 200 ").endsWith("the answer");
        }
    }

    @Test
    void aClientThatEndsSendingGetsItsEvents() throws Exception {
        try (RawConnection client = request("/events").endSending()) {
            client.readUntil(": keep-alive");
            answer.countDown();
            assertThat(client.readAll()).contains("the answer").endsWith("0\r\n\r\n");
        }
    }

    @Test
    void aClientThatLeavesIsNoticed() throws Exception {
        request("/whole").close();
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatTheEndOfAClientLeadsToDoesNotHoldUpTheTimer() throws Exception {
        request("/held").close();
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatEndsSendingAndLeavesMuchLaterIsNoticed() throws Exception {
        try (RawConnection client = request("/whole").endSending()) {
            working.await();
            // the first questions are over by then
            assertThat(gone.await(1, TimeUnit.SECONDS)).isFalse();
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatLeavesAStreamOfEventsIsNoticedBeforeTheNextEvent() throws Exception {
        try (RawConnection client = request("/events")) {
            client.readUntil("first");
        }
        assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
    }
}
