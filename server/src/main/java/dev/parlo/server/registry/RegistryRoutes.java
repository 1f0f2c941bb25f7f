package dev.parlo.server.registry;

import dev.parlo.registry.ModelTask;
import dev.parlo.registry.hub.ModelRegistry;
import dev.parlo.registry.hub.RegistryPage;
import dev.parlo.registry.hub.RegistryQuery;
import dev.parlo.registry.hub.RegistryQuery.Sort;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.models.ModelRoutes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code GET /v1/registry}: the Hub's models in the shape of {@code /v1/models}, and {@code
 * /v1/registry/ID}: one of its repositories. Thread-safe.
 */
public final class RegistryRoutes {
    private static final int MOST = 100_000;
    private static final List<String> SORTS =
            Arrays.stream(Sort.values()).map(sort -> sort.name().toLowerCase(Locale.ROOT)).toList();

    private final ModelRegistry registry;
    private final Offers offers;

    public RegistryRoutes(ModelRegistry registry, Offers offers) {
        this.registry = registry;
        this.offers = offers;
    }

    public void register(RoutesConfig routes) {
        routes.get("/v1/registry", this::list);
        routes.get("/v1/registry/<model_id>", this::show);
        routes.head("/v1/registry/<model_id>", this::show); // else it would be 200 for any id
    }

    private void show(Context ctx) {
        Json.respond(ctx, offers.find(ctx.pathParam("model_id")));
    }

    private void list(Context ctx) {
        Fields query = Fields.query(ctx);
        Optional<ModelTask> task = ModelRoutes.task(query);
        String text = query.text("q");
        String language = query.text("language");
        String sort = query.choice("sort", SORTS);
        int limit = query.integerBetween("limit", 1, MOST).orElse(0);
        query.check();
        RegistryPage page =
                registry.search(
                        new RegistryQuery(
                                task,
                                text == null ? "" : text,
                                language == null ? "" : language,
                                limit,
                                sort == null
                                        ? Sort.TRENDING
                                        : Sort.valueOf(sort.toUpperCase(Locale.ROOT))));
        Json.respond(ctx, RegistryView.of(page));
    }
}
