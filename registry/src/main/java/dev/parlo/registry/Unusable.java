package dev.parlo.registry;

import java.util.List;

/** Why the files that lie in a model's folder are not a model that can be used. */
sealed interface Unusable {
    /**
     * A download that has not ended, or was broken off: another one completes it.
     *
     * @param missing the files that are not there; empty where they are not known
     */
    record Unfinished(List<String> missing) implements Unusable {
        public Unfinished {
            missing = List.copyOf(missing);
        }
    }

    /**
     * Files of a supported format that no download would mend.
     *
     * @param why a clause that speaks of the model as "it", without paths of this machine
     */
    record Broken(String why) implements Unusable {}

    /** Files of no supported format. */
    record Unsupported() implements Unusable {}
}
