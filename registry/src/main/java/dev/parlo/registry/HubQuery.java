package dev.parlo.registry;

import java.util.List;

/**
 * One question to the Hub's model list.
 *
 * @param filters tags a repository must carry, all of them
 * @param search part of the id, "" for any
 * @param withFiles whether the names of the files are wanted too, which make the ids of some models
 */
public record HubQuery(List<String> filters, String search, boolean withFiles) {
    public HubQuery {
        filters = List.copyOf(filters);
    }

    static HubQuery tags(String... filters) {
        return new HubQuery(List.of(filters), "", false);
    }
}
