package dev.parlo.registry;

import java.util.List;

/** Why a model that is there in name cannot be used. */
public sealed interface Unusable {
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

    /**
     * Files of no supported format.
     *
     * @param why what they are instead, in sentences; "" where nothing is known of them
     */
    record Unsupported(String why) implements Unusable {}

    /**
     * A part of the server that this machine lacks something for.
     *
     * @param category what kind of answer that deserves
     * @param why a sentence, without paths of this machine
     */
    record Lacking(RegistryException.Category category, String why) implements Unusable {}
}
