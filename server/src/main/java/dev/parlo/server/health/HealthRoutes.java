package dev.parlo.server.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.server.device.Devices;
import dev.parlo.server.device.DevicesView;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Answers probes: alive as long as it answers, ready once {@code ready} says so, with the devices
 * that models are computed on; not ready any more when all of these have failed, or once the server
 * is about to stop. A model that could not be preloaded does not keep the server from being ready
 * for all others; its id is named, the reason is for those with a key ({@code /api/ps}) and in the
 * log.
 */
public final class HealthRoutes {
    private static final Map<String, String> OK = Map.of("message", "OK");

    private record Ready(
            String message,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Collection<String> notPreloaded,
            DevicesView devices) {}

    private final BooleanSupplier ready;
    private final Supplier<Collection<String>> notPreloaded;
    private final Devices devices;
    private volatile boolean stopping;

    /**
     * @param notPreloaded the ids of models of {@code PRELOAD_MODELS} that could not be loaded
     */
    public HealthRoutes(
            BooleanSupplier ready, Supplier<Collection<String>> notPreloaded, Devices devices) {
        this.ready = ready;
        this.notPreloaded = notPreloaded;
        this.devices = devices;
    }

    /** Not ready from now on; alive all the same. */
    public void stopping() {
        stopping = true;
    }

    public void register(RoutesConfig routes) {
        for (String path : List.of("/health", "/healthz", "/health/live")) {
            routes.get(path, ctx -> Json.respond(ctx, OK));
        }
        routes.get("/ping", this::ping);
        routes.head("/ping", this::ping);
        routes.get("/health/ready", this::ready);
        // Without this, HEAD would be 200 wherever there is a GET.
        routes.head("/health/ready", this::ready);
    }

    /** As RunPod's load balancer asks: 204 is a worker that is being made ready. */
    private void ping(Context ctx) {
        requireStaying();
        if (!ready.getAsBoolean()) {
            ctx.status(204);
            return;
        }
        requireDevices();
        Json.respond(ctx, OK);
    }

    private void ready(Context ctx) {
        requireStaying();
        if (!ready.getAsBoolean()) {
            throw ApiError.of(503, "Not ready yet: models are being preloaded.", "not_ready")
                    .withHeader("Retry-After", "1");
        }
        requireDevices();
        Json.respond(ctx, new Ready("OK", notPreloaded.get(), DevicesView.of(devices)));
    }

    private void requireStaying() {
        if (stopping) {
            throw ApiError.stopping();
        }
    }

    /** Whoever starts servers again has to be told: a GPU that failed comes back with a process. */
    private void requireDevices() {
        devices.outOfOrder()
                .ifPresent(family -> {
                    throw ApiError.of(
                            503,
                            "Every GPU that " + family + " may be computed on has failed.",
                            "device_lost");
                });
    }
}
