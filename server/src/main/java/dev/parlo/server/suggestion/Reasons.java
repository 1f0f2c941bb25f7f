package dev.parlo.server.suggestion;

import dev.parlo.engine.ByteAmount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Why a model is suggested, and what to change where none is. */
final class Reasons {
    private Reasons() {}

    static String why(SuggestionQuery query, Candidate candidate) {
        List<String> parts = new ArrayList<>();
        parts.add(
                candidate.size().bytes() == 0
                        ? "It has no weights that take memory"
                        : (candidate.weights() > 1000 ? weights(candidate) + " in " : "")
                                + memory(candidate));
        query.language()
                .ifPresent(code -> {
                    String name = Languages.name(code);
                    parts.add(
                            switch (candidate.match()) {
                                case MADE_FOR -> "made for " + name;
                                case NAMED -> name + " is one of its languages";
                                case UNKNOWN -> "its card names no language";
                                case OTHER -> "not for " + name;
                            });
                });
        if (candidate.isClosed()) {
            parts.add("its terms must be accepted on the Hub first");
        }
        if (candidate.card().downloads() > 0) {
            parts.add(
                    String.format(
                            Locale.ROOT, "%,d downloads in 30 days", candidate.card().downloads()));
        }
        return String.join("; ", parts) + ".";
    }

    private static String memory(Candidate candidate) {
        String size = ByteAmount.text(candidate.size().bytes());
        String room = ByteAmount.text(candidate.room().bytes());
        return switch (candidate.fit()) {
            case WITH_ROOM -> size + " of " + room + ", with room for its work";
            case TIGHT -> size + " of " + room + ", which leaves little for its work";
            case TOO_LARGE -> size + ", more than " + room;
        };
    }

    private static String weights(Candidate candidate) {
        double millions = candidate.weights() / 1e6;
        return millions >= 1000
                ? String.format(Locale.ROOT, "%.1f billion weights", millions / 1000)
                : String.format(Locale.ROOT, "%.1f million weights", millions);
    }

    /** What to change where nothing fits. */
    static String advice(SuggestionQuery query, Suggestions.Found found) {
        String asked =
                query.task()
                        + query.language().map(code -> " in " + Languages.name(code)).orElse("")
                        + " within "
                        + ByteAmount.text(found.room().bytes())
                        + " ("
                        + found.room().source()
                        + ")";
        List<String> changes = new ArrayList<>();
        if (!found.tooLarge().isEmpty()) {
            Candidate least = found.tooLarge().getFirst();
            changes.add(
                    "The smallest that does it, "
                            + least.card().id()
                            + ", needs "
                            + ByteAmount.text(least.size().bytes())
                            + " for its weights: give more memory (MODEL_MEMORY_BUDGET, --memory).");
        }
        if (found.others() > 0) {
            changes.add(
                    (found.others() == 1 ? "One model does" : found.others() + " models do")
                            + " it in other languages only: leave the language out.");
        }
        if (!found.hub()) {
            changes.add("Only what is installed was looked at: connect to the Hub.");
        }
        if (found.hub() && !found.problems().isEmpty()) {
            changes.add("Not all of the Hub's models could be looked at: try again later.");
        }
        if (changes.isEmpty()) {
            changes.add("The Hub lists no model for it: `parlo registry ls` shows all.");
        }
        return "Nothing was found for " + asked + ". " + String.join(" ", changes);
    }
}
