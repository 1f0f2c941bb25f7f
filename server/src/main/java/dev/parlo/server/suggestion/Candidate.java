package dev.parlo.server.suggestion;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFiles;
import dev.parlo.server.models.MemoryEstimate;
import java.util.Comparator;
import java.util.Optional;

/**
 * A model that does the task, with what is known of it.
 *
 * @param card the Hub's where it is known, for its counts
 * @param installed where it is on this machine
 * @param match how well it fits the language; of any language where none was asked for
 * @param specialised whether it is preferred to others of its size: made for the language that was
 *     asked for, or for many where none was
 */
record Candidate(
        ModelCard card,
        Optional<InstalledModel> installed,
        ModelFiles files,
        MemoryEstimate.Size size,
        Room.Limit room,
        Languages.Match match,
        boolean specialised) {
    /** Whether there is memory for it. */
    enum Fit {
        /** Its weights leave half of the memory for its work. */
        WITH_ROOM,
        /** It can be loaded, and little is left for its work. */
        TIGHT,
        TOO_LARGE
    }

    /** Larger models hear and speak better; those of one size differ in what they were made for. */
    static final Comparator<Candidate> BEST_FIRST =
            Comparator.comparing(Candidate::fit)
                    .thenComparing(candidate -> candidate.match() == Languages.Match.UNKNOWN)
                    .thenComparing(Candidate::isClosed)
                    .thenComparing(Comparator.comparingInt(Candidate::sizeClass).reversed())
                    .thenComparing(candidate -> !candidate.specialised())
                    .thenComparing(candidate -> candidate.installed().isEmpty())
                    .thenComparing(
                            Comparator.<Candidate>comparingLong(c -> c.card().downloads())
                                    .thenComparingLong(c -> c.card().likes())
                                    .reversed())
                    .thenComparing(candidate -> candidate.card().id());

    Fit fit() {
        if (size.bytes() <= room.bytes() / 2) {
            return Fit.WITH_ROOM;
        }
        return size.bytes() <= room.bytes() ? Fit.TIGHT : Fit.TOO_LARGE;
    }

    /** Whether its terms must be accepted before it can be downloaded. */
    boolean isClosed() {
        return card.gated() && installed.isEmpty();
    }

    /** How many weights it has, as far as is known; where not, as if they were floats. */
    long weights() {
        return files.weights().orElse(files.weightBytes() / 4);
    }

    /** Models of one shape differ by a few tokens: two steps for each doubling. */
    private int sizeClass() {
        return weights() < 2 ? 0 : (int) Math.round(2 * Math.log(weights()) / Math.log(2));
    }
}
