package dev.parlo.registry.hub;

import java.util.List;

/**
 * The repositories a query found.
 *
 * @param complete whether these are all; a client is told where they are not
 */
record ModelList(List<HubModel> models, boolean complete) {
    ModelList {
        models = List.copyOf(models);
    }
}
