package dev.parlo.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of some origins call the server from a browser (CORS). Named origins may send
 * credentials; {@code *} lets every origin in, but without them. Thread-safe.
 */
public final class CrossOrigin {
    private static final String MAX_AGE_SECONDS = "600";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    /** Headers of answers that a page may read, besides those that every page may. */
    static final List<String> EXPOSED =
            List.of(
                    "Content-Disposition",
                    "Retry-After",
                    "WWW-Authenticate",
                    "X-Audio-Truncated",
                    "X-Parlo-Fallback",
                    "X-Parlo-Ignored",
                    "X-Parlo-Model",
                    "X-Parlo-Voice",
                    "X-Request-ID",
                    "X-Sample-Rate");

    private final Set<String> origins;
    private final boolean any;

    /**
     * @param origins such as {@code https://app.example.org}; empty: no page of another origin
     */
    public CrossOrigin(List<String> origins) {
        this.origins = Set.copyOf(origins);
        this.any = this.origins.contains("*");
    }

    /** Must come before {@link ApiKeyCheck}: a refusal, too, has to be readable for the page. */
    public void register(RoutesConfig routes) {
        if (!origins.isEmpty()) {
            routes.before(this::handle);
        }
    }

    private void handle(Context ctx) {
        ctx.res().addHeader("Vary", "Origin");
        String origin = ctx.header("Origin");
        boolean allowed = origin != null && (any || origins.contains(origin));
        if (allowed && origin != null) {
            boolean named = origins.contains(origin);
            ctx.header("Access-Control-Allow-Origin", named ? origin : "*");
            if (named) {
                ctx.header("Access-Control-Allow-Credentials", "true");
            }
            // With credentials a star is the name of a header, so that every name has to be said.
            ctx.header("Access-Control-Expose-Headers", String.join(", ", EXPOSED));
        }
        String method = ctx.header("Access-Control-Request-Method");
        if (ctx.method() == HandlerType.OPTIONS && origin != null && method != null) {
            answerPreflight(ctx, allowed);
        }
    }

    private static void answerPreflight(Context ctx, boolean allowed) {
        if (!allowed) {
            ctx.status(400).result("Disallowed CORS origin");
        } else {
            @Nullable String headers = ctx.header("Access-Control-Request-Headers");
            ctx.header("Access-Control-Allow-Methods", METHODS);
            if (headers != null) {
                ctx.header("Access-Control-Allow-Headers", headers);
            }
            ctx.header("Access-Control-Max-Age", MAX_AGE_SECONDS);
            ctx.status(200).result("OK");
        }
        ctx.skipRemainingHandlers();
    }
}
