package dev.parlo.registry.hub;

import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelId;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the Hub answered to one question, whole or in part.
 *
 * @param missing repositories of the list that could not be asked for
 * @param brokenOff whether more may be missing, such as pages of the list
 * @param notes sentences that say what is missing and why
 */
record FoundModels(
        List<ModelCard> cards, Set<ModelId> missing, boolean brokenOff, List<String> notes) {
    FoundModels {
        cards = List.copyOf(cards);
        missing = Set.copyOf(missing);
        notes = List.copyOf(notes);
    }

    /** Whether nothing failed; a list that is too long is whole as far as it goes. */
    boolean isWhole() {
        return missing.isEmpty() && !brokenOff;
    }

    /** Whether a model that is not among the cards may be there all the same. */
    boolean mayHold(ModelId id) {
        return missing.contains(id.repository())
                || brokenOff && cards.stream().noneMatch(card -> card.id().equals(id));
    }

    FoundModels with(List<ModelCard> older) {
        return new FoundModels(
                Stream.concat(cards.stream(), older.stream()).toList(), missing, brokenOff, notes);
    }
}
