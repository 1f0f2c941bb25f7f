package dev.parlo.server.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.registry.ModelTask;
import dev.parlo.registry.hub.ModelRegistry;
import dev.parlo.registry.hub.RegistryPage;
import dev.parlo.registry.hub.RegistryQuery;
import dev.parlo.registry.hub.RegistryQuery.Sort;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.Fields;
import dev.parlo.server.models.ModelRoutes;
import dev.parlo.server.models.ModelView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/registry}: the Hub's models in the shape of {@code /v1/models}. Thread-safe. */
public final class RegistryRoutes {
    private static final int MOST = 100_000;
    private static final List<String> SORTS =
            Arrays.stream(Sort.values()).map(sort -> sort.name().toLowerCase(Locale.ROOT)).toList();

    /** {@code stale} and {@code problems} are there only when the Hub could not be asked fully. */
    private record RegistryList(
            List<ModelView> data,
            String object,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean stale,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> problems) {}

    private final ModelRegistry registry;

    public RegistryRoutes(ModelRegistry registry) {
        this.registry = registry;
    }

    public void register(RoutesConfig routes) {
        routes.get("/v1/registry", this::list);
    }

    private void list(Context ctx) {
        Fields query = Fields.query(ctx);
        Optional<ModelTask> task = ModelRoutes.task(query);
        String text = query.text("q");
        String sort = query.choice("sort", SORTS);
        int limit = query.integerBetween("limit", 1, MOST).orElse(0);
        query.check();
        RegistryPage page =
                registry.search(
                        new RegistryQuery(
                                task,
                                text == null ? "" : text,
                                limit,
                                sort == null
                                        ? Sort.TRENDING
                                        : Sort.valueOf(sort.toUpperCase(Locale.ROOT))));
        if (page.cards().isEmpty() && !page.problems().isEmpty()) {
            throw ApiError.of(
                    503,
                    "The Hub could not be asked: " + String.join("; ", page.problems()),
                    "hub_unavailable");
        }
        Json.respond(
                ctx,
                new RegistryList(
                        page.cards().stream().map(ModelView::remote).toList(),
                        "list",
                        page.stale() ? true : null,
                        page.problems().isEmpty() ? null : page.problems()));
    }
}
