package dev.parlo.server.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.server.device.Devices;
import dev.parlo.server.device.DevicesView;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.watchdog.Watchdog;
import dev.parlo.server.watchdog.Watchdog.StuckStep;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Answers probes: alive as long as it answers and no native code holds it up for good, ready once
 * {@code ready} says so, with the devices that models are computed on; not ready any more when all
 * of these have failed, or once the server is about to stop. A model that could not be preloaded
 * does not keep the server from being ready for all others; its id is named, the reason is for
 * those with a key ({@code /api/ps}) and in the log.
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
    private final Watchdog watchdog;
    private volatile boolean stopping;

    /**
     * @param notPreloaded the ids of models of {@code PRELOAD_MODELS} that could not be loaded
     */
    public HealthRoutes(
            BooleanSupplier ready,
            Supplier<Collection<String>> notPreloaded,
            Devices devices,
            Watchdog watchdog) {
        this.ready = ready;
        this.notPreloaded = notPreloaded;
        this.devices = devices;
        this.watchdog = watchdog;
    }

    /** Not ready from now on; alive all the same. */
    public void stopping() {
        stopping = true;
    }

    public void register(RoutesConfig routes) {
        for (String path : List.of("/health", "/healthz", "/health/live")) {
            routes.get(path, this::live);
            // Without this, HEAD would be 200 wherever there is a GET.
            routes.head(path, this::live);
        }
        routes.get("/ping", this::ping);
        routes.head("/ping", this::ping);
        routes.get("/health/ready", this::ready);
        routes.head("/health/ready", this::ready);
    }

    /**
     * Alive unless native code holds a thread and memory that only the end of the process frees:
     * whoever starts servers again is to do so.
     */
    private void live(Context ctx) {
        List<StuckStep> hopeless = watchdog.stuck().stream().filter(StuckStep::hopeless).toList();
        if (!hopeless.isEmpty()) {
            throw stuck(hopeless, "Only the end of this process ends that: start it again.");
        }
        Json.respond(ctx, OK);
    }

    /** As RunPod's load balancer asks: 204 is a worker that is being made ready. */
    private void ping(Context ctx) {
        requireStaying();
        if (!ready.getAsBoolean()) {
            ctx.status(204);
            return;
        }
        requireDevices();
        requireMoving();
        Json.respond(ctx, OK);
    }

    private void ready(Context ctx) {
        requireStaying();
        if (!ready.getAsBoolean()) {
            throw ApiError.of(503, "Not ready yet: models are being preloaded.", "not_ready")
                    .withHeader("Retry-After", "1");
        }
        requireDevices();
        requireMoving();
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

    /**
     * Other servers are better off with the requests; this one may serve them, with more memory.
     */
    private void requireMoving() {
        List<StuckStep> stuck = watchdog.stuck();
        if (!stuck.isEmpty()) {
            throw stuck(stuck, "That is longer than STUCK_STEP_SECONDS.");
        }
    }

    private static ApiError stuck(List<StuckStep> steps, String what) {
        String named =
                steps.stream()
                        .map(step ->
                                String.format(
                                        Locale.ROOT,
                                        "%s has been in its %s for %d s. ",
                                        step.model(),
                                        step.what(),
                                        step.seconds()))
                        .collect(Collectors.joining());
        return ApiError.stuck(named + what);
    }
}
