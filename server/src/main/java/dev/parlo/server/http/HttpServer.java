package dev.parlo.server.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.json.JavalinJackson3;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.NullSessionDataStore;
import org.eclipse.jetty.session.SessionCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web server with what is the same for every route: JSON, errors, the request log, one virtual
 * thread a request, and an end in steps: {@link #drain}, {@link #stopRunning}, {@link #close}.
 * Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    /** Silence after which a connection without a running request is closed. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    /** Seconds of silence on a connection after which the system asks whether it still is there. */
    private static final int SILENT_SECONDS = 60;

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Javalin javalin;
    private final InFlight inFlight;

    private HttpServer(Javalin javalin, InFlight inFlight) {
        this.javalin = javalin;
        this.inFlight = inFlight;
    }

    /** Listens, with the usual limits. */
    public static HttpServer start(
            String host, int port, InFlight inFlight, List<Consumer<RoutesConfig>> registrations) {
        HttpLimits usual = HttpLimits.USUAL;
        return start(host, port, usual, usual.budget(), inFlight, registrations);
    }

    /**
     * Listens.
     *
     * @param port 0 for any free one
     * @param budget for bodies in memory
     * @param inFlight where requests are counted; conversations over WebSockets join them there
     * @param registrations of the routes, in order
     */
    public static HttpServer start(
            String host,
            int port,
            HttpLimits limits,
            MemoryBudget budget,
            InFlight inFlight,
            List<Consumer<RoutesConfig>> registrations) {
        ProtocolErrors errors =
                new ProtocolErrors(new HttpConfiguration().getRequestHeaderSize(), inFlight);
        Javalin javalin =
                Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.startup.startupWatcherEnabled = false;
                    config.concurrency.useVirtualThreads = true;
                    config.http.maxRequestSize = limits.jsonBytes();
                    config.appData(RequestBody.RULES, new RequestBody.Rules(limits, budget));
                    config.http.prefer405over404 = true;
                    // addresses put together from a base that ends with one
                    config.router.treatMultipleSlashesAsSingleSlash = true;
                    config.jsonMapper(new JavalinJackson3(Json.mapper(), true));
                    config.jetty.modifyServer(server -> {
                        server.insertHandler(new RequestGate(inFlight));
                        server.insertHandler(new StreamedAnswers());
                        server.insertHandler(new SendTimeout(limits.sendTime(), IDLE));
                        // Jetty's own wait fails as a whole when one request outlasts it.
                        server.setStopTimeout(0);
                        server.setErrorHandler(errors);
                    });
                    config.jetty.modifyServletContextHandler(context -> {
                        context.setErrorHandler(errors);
                        context.setSessionHandler(noSessions());
                    });
                    config.jetty.addConnector(
                            (server, http) -> connector(server, http, host, port, limits));
                    config.jetty.modifyWebSocketServletFactory(
                            factory -> SocketMessages.install(factory, budget));
                    config.router.javaLangErrorHandler(ErrorMapper::answer);
                    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
                    config.requestLogger.http((ctx, millis) -> over(ctx, millis, inFlight));
                    ErrorMapper.register(config.routes);
                    registrations.forEach(routes -> routes.accept(config.routes));
                });
        listen(javalin, host, port);
        return new HttpServer(javalin, inFlight);
    }

    private static void over(Context ctx, float milliseconds, InFlight inFlight) {
        RunningRequest running = RunningRequest.of(ctx);
        RequestObserver.FinishedRequest finished = running.finished(ctx, milliseconds);
        inFlight.observer().finished(finished);
        SpanNotes.of(finished, running.span());
        running.span().end();
    }

    /**
     * On a thread of its own: one that is interrupted, as by a signal during the start, would leave
     * Jetty half started, with errors in the log.
     */
    private static void listen(Javalin javalin, String host, int port) {
        FutureTask<Javalin> start = new FutureTask<>(() -> javalin.start(host, port));
        Thread.ofPlatform().name("http-start").start(start);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    var unused = start.get();
                    return;
                } catch (InterruptedException later) {
                    interrupted = true; // it takes moments, and whoever starts the server looks
                } catch (ExecutionException failure) {
                    throw failure.getCause() instanceof RuntimeException known
                            ? known
                            : new IllegalStateException(failure.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Javalin asks for a session at every WebSocket, and Jetty would keep each of them for ever and
     * send a cookie. Nothing here has a session.
     */
    private static SessionHandler noSessions() {
        SessionHandler sessions = new SessionHandler();
        sessions.setUsingCookies(false);
        SessionCache none = new NullSessionCache(sessions);
        none.setSessionDataStore(new NullSessionDataStore());
        sessions.setSessionCache(none);
        return sessions;
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, String host, int port, HttpLimits limits) {
        ServerConnector connector =
                new ServerConnector(
                        server,
                        new GuardedConnection.Factory(
                                http,
                                limits.headTime(),
                                limits.mostConnections(),
                                limits.mostRefused())) {
                    @Override
                    protected void configure(Socket socket) {
                        super.configure(socket);
                        keepAlive(socket);
                    }
                };
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    /**
     * A client may wait an hour for the subtitles of a film, without a byte in either direction:
     * routers and bridges forget such a connection unless the system sends something now and then.
     */
    private static void keepAlive(Socket socket) {
        try {
            socket.setKeepAlive(true);
            if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, SILENT_SECONDS);
                socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, SILENT_SECONDS);
            }
        } catch (IOException e) {
            LOG.debug("The connection is not kept alive", e); // it may have been closed already
        }
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

    /**
     * Answers new requests with 503 from now on, and waits for running ones.
     *
     * @return false when some outlast the time
     */
    public boolean drain(Duration longest) {
        inFlight.finish();
        return inFlight.await(longest);
    }

    /** Raises every running request's cancellation; each tells its client that the server stops. */
    public void stopRunning() {
        LOG.warn("{} requests outlast SHUTDOWN_TIMEOUT and are ended", inFlight.count());
        inFlight.stop();
    }

    /**
     * Waits for requests that were told to stop, and wakes those that block: on a body that does
     * not come, on a client that does not read.
     *
     * @return false when some are still computing
     */
    public boolean awaitStopped(Duration longest) {
        if (inFlight.await(longest.dividedBy(5))) {
            return true;
        }
        inFlight.interrupt();
        return inFlight.await(longest.dividedBy(5).multipliedBy(4));
    }

    /** Stops listening and breaks every connection that is left. Harmless when repeated. */
    @Override
    public void close() {
        javalin.stop();
    }
}
