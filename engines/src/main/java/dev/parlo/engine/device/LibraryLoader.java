package dev.parlo.engine.device;

import java.util.Optional;
import java.util.OptionalLong;

/** Loads shared libraries for the life of the process. Thread-safe. */
interface LibraryLoader {
    /**
     * Loads a library so that those loaded later find it by its name.
     *
     * @param name a file name that the system looks for, or a path
     * @return why it cannot be loaded, in the system's words; empty where it is
     */
    Optional<String> load(String name);

    /**
     * What a library says of its version.
     *
     * @param name as it was loaded
     * @param function that returns the number, or writes it to the pointer that it is given
     * @param byPointer which of the two
     */
    OptionalLong version(String name, String function, boolean byPointer);

    /** The file that was loaded under a name, where the system tells. */
    Optional<String> file(String name);
}
