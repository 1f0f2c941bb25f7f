package dev.parlo.registry;

import java.util.List;

/**
 * One question to the Hub's model list.
 *
 * @param filters tags a repository must carry, all of them
 * @param search part of the id, "" for any
 * @param withFiles whether the names of the files are wanted too, which make the ids of some models
 * @param most how many are listed, in the Hub's order
 */
public record HubQuery(List<String> filters, String search, boolean withFiles, int most) {
    /** More than there are of any family but one. */
    private static final int ALL = 10_000;

    public HubQuery {
        filters = List.copyOf(filters);
    }

    public HubQuery(List<String> filters, String search, boolean withFiles) {
        this(filters, search, withFiles, ALL);
    }

    /** The same question, of which no more answers are listed. */
    HubQuery atMost(int models) {
        return new HubQuery(filters, search, withFiles, models);
    }

    static HubQuery tags(String... filters) {
        return new HubQuery(List.of(filters), "", false);
    }
}
