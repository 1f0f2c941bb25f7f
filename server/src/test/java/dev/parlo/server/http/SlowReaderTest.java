package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask, and then read nothing or little of the answer. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SlowReaderTest {
    private static final Duration SEND_TIMEOUT = Duration.ofMillis(700);
    private static final CountDownLatch events = new CountDownLatch(1);
    private static final CountDownLatch bytes = new CountDownLatch(1);
    private static ScheduledExecutorService timer;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        timer = Executors.newSingleThreadScheduledExecutor();
        HttpLimits limits =
                new HttpLimits(0, Duration.ofSeconds(20), 0, SEND_TIMEOUT, 1 << 20, 1 << 20, 0);
        server =
                HttpServer.start(
                        "127.0.0.1",
                        0,
                        limits,
                        limits.budget(),
                        new InFlight(),
                        List.of(routes -> {
                            routes.get(
                                    "/events",
                                    ctx -> {
                                        RunningRequest running = RunningRequest.of(ctx);
                                        Cancellation cancellation = running.cancellation();
                                        try (SseWriter out =
                                                new SseWriter(
                                                        ctx,
                                                        timer,
                                                        Duration.ofSeconds(15),
                                                        running::clientGone)) {
                                            while (!cancellation.isCancelled()) {
                                                out.send("x".repeat(1 << 16));
                                            }
                                        }
                                        events.countDown();
                                    });
                            routes.get(
                                    "/bytes",
                                    ctx -> {
                                        try {
                                            while (true) {
                                                ctx.res().getOutputStream().write(new byte[65536]);
                                            }
                                        } catch (IOException gone) {
                                            bytes.countDown();
                                            throw gone;
                                        }
                                    });
                            routes.get(
                                    "/late",
                                    ctx -> {
                                        // computes for longer than a write may take
                                        Thread.sleep(SEND_TIMEOUT.multipliedBy(3));
                                        ctx.res().getOutputStream().write(new byte[5_000_000]);
                                    });
                        }));
    }

    @AfterAll
    static void stop() {
        server.close();
        timer.shutdownNow();
    }

    private static Socket ask(String path) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096); // before connecting: the window is agreed on then
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.getOutputStream()
                .write(
                        ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    @Test
    void aRequestWhoseClientReadsNothingOfAStreamIsCancelled() throws Exception {
        try (Socket socket = ask("/events")) {
            events.await();
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void everyOtherAnswerThatNobodyReadsFailsToo() throws Exception {
        try (Socket socket = ask("/bytes")) {
            bytes.await();
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void whoReadsLateButReadsGetsEverythingAndSoDoesWhoWaitsLong() {
        // again where this thread itself did not read for longer than a write may take
        Awaitility.await().untilAsserted(SlowReaderTest::readsLate);
    }

    private static void readsLate() throws IOException {
        try (Socket socket = ask("/late")) {
            InputStream in = socket.getInputStream();
            long total = 0;
            byte[] some = new byte[100_000];
            while (total < 5_000_000) {
                int read = in.read(some);
                assertThat(read).isPositive();
                total += read;
            }
        }
    }
}
