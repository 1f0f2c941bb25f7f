package dev.parlo.registry.hub;

import dev.parlo.registry.ModelCard;
import java.util.List;

/**
 * A list of the Hub's models.
 *
 * @param stale whether some of it is older than it should be, because the Hub could not be asked
 * @param problems what could not be asked, one line each
 */
public record RegistryPage(List<ModelCard> cards, boolean stale, List<String> problems) {
    public RegistryPage {
        cards = List.copyOf(cards);
        problems = List.copyOf(problems);
    }
}
