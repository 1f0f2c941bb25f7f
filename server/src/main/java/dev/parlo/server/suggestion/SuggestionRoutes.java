package dev.parlo.server.suggestion;

import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Map;

/** {@code GET /v1/registry/suggestions}. Thread-safe. */
public final class SuggestionRoutes {
    private static final String HERE = "http://localhost:8000";

    private final Suggestions suggestions;

    public SuggestionRoutes(Suggestions suggestions) {
        this.suggestions = suggestions;
    }

    public void register(RoutesConfig routes) {
        routes.get("/v1/registry/suggestions", this::suggest);
        // else it would be asked for as a model of that name, whose HEAD has a route of its own
        routes.head("/v1/registry/suggestions", this::suggest);
    }

    /** The same without a server: the answer to a query's fields. */
    public SuggestionView answer(Map<String, String> fields) {
        SuggestionQuery query = SuggestionQuery.of(fields);
        return SuggestionView.of(query, suggestions.find(query), HERE);
    }

    private void suggest(Context ctx) {
        SuggestionQuery query = SuggestionQuery.read(Fields.query(ctx));
        Json.respond(ctx, SuggestionView.of(query, suggestions.find(query), url(ctx)));
    }

    /** As the client reaches this server; a host that could be more than a host is not repeated. */
    private static String url(Context ctx) {
        String host = ctx.host();
        return host != null
                        && host.matches(
                                "[A-Za-z0-9.-]+(?::\\d{1,5})?|\\[[0-9a-fA-F:]+](?::\\d{1,5})?")
                ? ctx.scheme() + "://" + host
                : HERE;
    }
}
