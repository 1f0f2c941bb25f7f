package dev.parlo.registry;

import java.util.List;

/**
 * One question to the Hub's model list.
 *
 * @param filters tags a repository must carry, all of them
 * @param search part of the id, "" for any
 */
public record HubQuery(List<String> filters, String search) {
    public HubQuery {
        filters = List.copyOf(filters);
    }

    static HubQuery tags(String... filters) {
        return new HubQuery(List.of(filters), "");
    }
}
