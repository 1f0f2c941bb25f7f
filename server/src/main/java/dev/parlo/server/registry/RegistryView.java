package dev.parlo.server.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.registry.hub.RegistryPage;
import dev.parlo.server.models.ModelView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of the Hub's models as {@code /v1/registry} answers it.
 *
 * @param stale true where an older answer stands in for one the Hub did not give; null otherwise
 * @param problems what is missing or old, in sentences; null for nothing
 */
public record RegistryView(
        List<ModelView> data,
        String object,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean stale,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> problems) {
    public static RegistryView of(RegistryPage page) {
        return new RegistryView(
                page.cards().stream().map(ModelView::remote).toList(),
                "list",
                page.stale() ? true : null,
                page.problems().isEmpty() ? null : page.problems());
    }
}
