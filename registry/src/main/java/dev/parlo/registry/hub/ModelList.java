package dev.parlo.registry.hub;

import dev.parlo.registry.RegistryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The repositories a query found.
 *
 * @param complete whether these are all; a client is told where they are not
 * @param broken why the pages after these could not be read; null where they could, or none follow
 */
record ModelList(List<HubModel> models, boolean complete, @Nullable RegistryException broken) {
    ModelList {
        models = List.copyOf(models);
    }
}
