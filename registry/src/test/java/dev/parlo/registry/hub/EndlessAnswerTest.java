package dev.parlo.registry.hub;

import static dev.parlo.registry.cache.HubFixture.WHISPER;
import static dev.parlo.registry.cache.HubFixture.failsWith;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parlo.registry.RegistryException.Category;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Hub that sends a byte now and then, so that no silence is ever long. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndlessAnswerTest {
    @TempDir Path folder;
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.createContext("/", this::drip);
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    private void drip(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            do {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush(); // fails once the client has left
            } while (!over.await(5, TimeUnit.MILLISECONDS));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAnswerThatNeverEndsIsGivenUp() {
        Duration moment = Duration.ofMillis(100);
        HubSettings settings =
                new HubSettings(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        Optional.empty(),
                        folder,
                        false,
                        moment,
                        moment,
                        true,
                        true,
                        NetworkSettings.direct());
        RetryPolicy once = new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        try (HubClient client = new HubClient(settings, once)) {
            CancelSignal signal = new CancelSignal();
            assertThatThrownBy(() -> client.model(WHISPER, "main", signal))
                    .satisfies(failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("time");
            String commit = "a".repeat(40);
            assertThatThrownBy(() -> client.start(WHISPER, commit, "a.json", 1 << 20, signal))
                    .satisfies(failsWith(Category.UNAVAILABLE))
                    .hasMessageContaining("time");
        }
    }
}
