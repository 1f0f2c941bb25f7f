package dev.parlo.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Ends requests that take too long: after the time that the client gives in a header, else what is
 * set for requests that compute. Thread-safe.
 */
public final class Deadline {
    /** Seconds, which may have a fraction. */
    static final String HEADER = "X-Request-Timeout";

    /** Longer is no limit in practice, and milliseconds of it fit. */
    private static final double MOST_SECONDS = 1e9;

    private final Duration usual;
    private final ScheduledExecutorService timer;

    /**
     * @param usual of requests that name none; zero for no limit
     */
    public Deadline(Duration usual, ScheduledExecutorService timer) {
        this.usual = usual;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        routes.before(this::begin);
    }

    private void begin(Context ctx) {
        String given = ctx.header(HEADER);
        Duration limit = given == null ? usual(ctx) : parsed(given);
        if (limit != null) {
            RunningRequest.of(ctx).limit(limit, timer);
        }
    }

    /** Models are downloaded and loaded for as long as that takes. */
    private @Nullable Duration usual(Context ctx) {
        boolean computes =
                ctx.method().name().equals("POST")
                        && !ctx.path().startsWith("/v1/models")
                        && !ctx.path().startsWith("/api/");
        return usual.isPositive() && computes ? usual : null;
    }

    static Duration parsed(String given) {
        Double seconds = LaxValues.number(given);
        if (seconds != null && seconds > 0 && seconds <= MOST_SECONDS) {
            // Rounded: 1.001 * 1000 is a little less than 1001.
            return Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
        }
        throw ApiError.of(
                400,
                HEADER + " is \"" + given + "\"; a number of seconds above 0 is accepted.",
                "invalid_header");
    }
}
