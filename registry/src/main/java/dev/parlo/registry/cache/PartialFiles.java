package dev.parlo.registry.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the bytes of a blob lie until they are all there. Bytes of one stream are kept as
 * huggingface_hub keeps them ({@code ETAG.incomplete}, a prefix of the file); ranges lie in a file
 * beside it with a journal, because a file with holes under that name would be taken for a prefix.
 */
final class PartialFiles {
    private static final String STREAMED = ".incomplete";
    private static final String RANGED = ".parlo-ranges";
    private static final String JOURNAL = ".parlo-journal";
    private static final Pattern ONE_ATTEMPT = Pattern.compile(".+\\.[0-9a-f]{8}\\.incomplete");

    private PartialFiles() {}

    /** The bytes that came in one stream. */
    static Path streamed(Path blob) {
        return blob.resolveSibling(blob.getFileName() + STREAMED);
    }

    /** The bytes that came in ranges. */
    static Path ranged(Path blob) {
        return blob.resolveSibling(blob.getFileName() + RANGED);
    }

    /** Which ranges are there. */
    static Path journal(Path blob) {
        return blob.resolveSibling(blob.getFileName() + JOURNAL);
    }

    /** The blob that a partial file belongs to; empty for other files. */
    static Optional<Path> blobOf(Path partial) {
        String name = String.valueOf(partial.getFileName());
        return Stream.of(STREAMED, RANGED, JOURNAL)
                .filter(name::endsWith)
                .map(suffix -> name.substring(0, name.length() - suffix.length()))
                .map(blob -> isOneAttempt(partial) ? blob.substring(0, blob.length() - 9) : blob)
                .map(partial::resolveSibling)
                .findFirst();
    }

    /**
     * Whether it is a partial file of huggingface_hub 1.x, {@code ETAG.1a2b3c4d.incomplete}: it is
     * named for one attempt, and no later attempt continues it.
     */
    static boolean isOneAttempt(Path partial) {
        return ONE_ATTEMPT.matcher(String.valueOf(partial.getFileName())).matches();
    }

    /** Removes what earlier attempts left. */
    static void discard(Path blob) throws IOException {
        Files.deleteIfExists(streamed(blob));
        Files.deleteIfExists(ranged(blob));
        Files.deleteIfExists(journal(blob));
    }

    /** Bytes of earlier attempts that will not be fetched again. */
    static long kept(Path blob, long size) {
        try {
            if (Files.exists(ranged(blob))) {
                return RangeJournal.peek(journal(blob), size, length(ranged(blob)))
                        .map(RangeJournal::bytesDone)
                        .orElse(0L);
            }
            return Math.min(size, length(streamed(blob)));
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** Of a file; 0 where there is none. */
    static long length(Path file) throws IOException {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
        } catch (NoSuchFileException absent) {
            return 0;
        }
    }
}
