package dev.parlo.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.server.http.RequestObserver.FinishedRequest;
import io.javalin.config.RoutesConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestObserverTest {
    private final List<FinishedRequest> seen = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server = start();

    /** One observer records, the one before it fails at everything. */
    private HttpServer start() {
        RequestObserver broken =
                new RequestObserver() {
                    @Override
                    public void finished(FinishedRequest request) {
                        throw new IllegalStateException("an observer that fails");
                    }
                };
        RequestObserver recording =
                new RequestObserver() {
                    @Override
                    public void finished(FinishedRequest request) {
                        seen.add(request);
                    }
                };
        return HttpServer.start(
                "127.0.0.1",
                0,
                new InFlight(RequestObserver.all(broken, recording)),
                List.of(RequestObserverTest::routes));
    }

    private static void routes(RoutesConfig routes) {
        routes.get(
                "/models/<id>",
                ctx -> {
                    RunningRequest.of(ctx).note("kind", "test");
                    RunningRequest.of(ctx).note("a/b", 2.5, System.nanoTime());
                    ctx.result("well");
                });
        routes.get(
                "/fails",
                ctx -> {
                    throw ApiError.of(409, "no");
                });
    }

    @BeforeEach
    void nothingSeen() {
        seen.clear();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private int status(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aRequestIsObservedWithItsRouteItsWorkAndItsNotesThoughAnotherObserverFails()
            throws Exception {
        assertThat(status("/models/x/y")).isEqualTo(200);
        await().until(() -> seen.size() == 1);
        FinishedRequest request = seen.getFirst();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.path()).isEqualTo("/models/x/y");
        assertThat(request.route()).isEqualTo("/models/<id>");
        assertThat(request.status()).isEqualTo(200);
        assertThat(request.clientGone()).isFalse();
        assertThat(request.notes()).isEqualTo(Map.of("kind", "test"));
        RequestObserver.Work work = Objects.requireNonNull(request.work());
        assertThat(work.model()).isEqualTo("a/b");
        assertThat(work.audioSeconds()).isEqualTo(2.5);
        assertThat(work.took()).isBetween(Duration.ZERO, request.took().plusSeconds(1));
    }

    @Test
    void refusalsAndPathsWithoutARouteAreObservedToo() throws Exception {
        assertThat(status("/fails")).isEqualTo(409);
        await().until(() -> seen.size() == 1); // it is told after the client
        assertThat(status("/nowhere")).isEqualTo(404);
        await().until(() -> seen.size() == 2);
        assertThat(seen).extracting(FinishedRequest::status).containsExactly(409, 404);
        assertThat(seen).extracting(FinishedRequest::route).containsExactly("/fails", "");
        assertThat(seen).allMatch(request -> request.work() == null);
    }
}
