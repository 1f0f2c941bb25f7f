package dev.parlo.registry;

/**
 * Reads the beginning of a repository's file, wherever the repository lies: in a folder or on the
 * Hub. Families are recognised by it where names say nothing.
 */
@FunctionalInterface
public interface FileStart {
    /** Knows of no file's content. */
    FileStart NONE = (file, most) -> new byte[0];

    /**
     * The first bytes of a file, all of it when it is shorter.
     *
     * @param file a path in the repository
     * @param most how many bytes at most
     * @return none when the file is absent or cannot be read
     */
    byte[] read(String file, int most);
}
