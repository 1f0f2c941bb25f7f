package dev.parlo.server;

import dev.parlo.server.http.ApiKeyCheck;
import dev.parlo.server.http.CrossOrigin;
import dev.parlo.server.http.Deadline;
import dev.parlo.server.http.WebPageCheck;
import dev.parlo.server.metrics.Metrics;
import dev.parlo.server.realtime.ClientSecrets;
import io.javalin.config.RoutesConfig;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What every request passes before its route: which pages and which keys are let in, and how long a
 * request may take.
 */
final class AccessPart {
    private final ClientSecrets secrets = new ClientSecrets(InstantSource.system());
    private final ApiKeyCheck keys;
    private final List<Consumer<RoutesConfig>> routes = new ArrayList<>();

    AccessPart(Settings settings, ScheduledExecutorService timer) {
        Settings.Access access = settings.access();
        keys =
                new ApiKeyCheck(
                        access.apiKeys(),
                        access.openAiStrict(),
                        access.publicLists(),
                        access.metrics() == Settings.Metrics.OPEN ? Set.of(Metrics.PATH) : Set.of(),
                        secrets::isValid);
        routes.add(new CrossOrigin(access.allowOrigins())::register);
        routes.add(new Deadline(settings.limits().requestTime(), timer)::register);
        if (access.apiKeys().isEmpty()) {
            // A page of another origin has no key to send, so a key keeps it out by itself.
            routes.add(
                    new WebPageCheck(
                                    access.allowOrigins(),
                                    access.allowedHosts(),
                                    settings.listen().host())
                            ::register);
        }
        routes.add(keys::register);
    }

    /** In this order, and before all others: what is registered earlier is not checked. */
    List<Consumer<RoutesConfig>> routes() {
        return List.copyOf(routes);
    }

    /** For WebSockets that bring their key in a message. */
    ApiKeyCheck keys() {
        return keys;
    }

    /** The short-lived keys that the check accepts for Realtime sessions. */
    ClientSecrets secrets() {
        return secrets;
    }
}
