package dev.parlo.server.health;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Answers probes: alive as long as it answers, ready once {@code ready} says so. */
public final class HealthRoutes {
    private static final Map<String, String> OK = Map.of("message", "OK");

    private final BooleanSupplier ready;

    public HealthRoutes(BooleanSupplier ready) {
        this.ready = ready;
    }

    public void register(RoutesConfig routes) {
        for (String path : List.of("/health", "/healthz", "/health/live", "/ping")) {
            routes.get(path, ctx -> Json.respond(ctx, OK));
        }
        routes.get(
                "/health/ready",
                ctx -> {
                    if (!ready.getAsBoolean()) {
                        throw ApiError.of(503, "Not ready yet.", "not_ready")
                                .withHeader("Retry-After", "1");
                    }
                    Json.respond(ctx, OK);
                });
    }
}
