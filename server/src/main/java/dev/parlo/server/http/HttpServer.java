package dev.parlo.server.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.json.JavalinJackson3;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.server.handler.GracefulHandler;

/**
 * The web server with what is the same for every route: JSON, errors, the request log, one virtual
 * thread a request, and an end that lets running requests finish. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    /** JSON bodies may carry audio as base64. */
    private static final long MAX_JSON_BYTES = 64L << 20;

    private final Javalin javalin;

    private HttpServer(Javalin javalin) {
        this.javalin = javalin;
    }

    /**
     * Listens.
     *
     * @param port 0 for any free one
     * @param shutdownTimeout that running requests have when the server is closed
     * @param registrations of the routes, in order
     */
    public static HttpServer start(
            String host,
            int port,
            Duration shutdownTimeout,
            List<Consumer<RoutesConfig>> registrations) {
        Javalin javalin =
                Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.concurrency.useVirtualThreads = true;
                    config.http.maxRequestSize = MAX_JSON_BYTES;
                    config.http.prefer405over404 = true;
                    // addresses put together from a base that ends with one
                    config.router.treatMultipleSlashesAsSingleSlash = true;
                    config.jsonMapper(new JavalinJackson3(Json.mapper(), true));
                    config.jetty.modifyServer(server -> {
                        server.insertHandler(new GracefulHandler());
                        server.setStopTimeout(shutdownTimeout.toMillis());
                    });
                    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
                    config.requestLogger.http((ctx, millis) -> RequestLog.write(ctx, millis));
                    ErrorMapper.register(config.routes);
                    registrations.forEach(routes -> routes.accept(config.routes));
                });
        javalin.start(host, port);
        return new HttpServer(javalin);
    }

    /** The port that it listens on. */
    public int port() {
        return javalin.port();
    }

    /**
     * The routes as {@code GET /v1/models/{model_id}}, for comparison with the API's description.
     */
    public List<String> routes() {
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(e -> e.method.name() + " " + e.path.replace('<', '{').replace('>', '}'))
                .toList();
    }

    /** Refuses new requests, waits for running ones, stops. */
    @Override
    public void close() {
        javalin.stop();
    }
}
