package dev.parlo.registry;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Objects;

/** Says why the disk failed without the path of the file, which belongs in the log. */
public final class DiskReason {
    private DiskReason() {}

    /** A few words such as "read-only file system". */
    public static String of(IOException failed) {
        return switch (failed) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "a file or folder is not there";
            case FileSystemException known ->
                    Objects.requireNonNullElse(known.getReason(), known.getClass().getSimpleName());
            default ->
                    failed.getCause() instanceof ReadOnlyFileSystemException
                            ? "read-only file system"
                            : pathless(
                                    Objects.requireNonNullElse(
                                            failed.getMessage(), "input or output failed"));
        };
    }

    private static String pathless(String message) {
        return message.replaceAll("(?:[A-Za-z]:)?[/\\\\][^\\s'\":,]*", "…");
    }
}
