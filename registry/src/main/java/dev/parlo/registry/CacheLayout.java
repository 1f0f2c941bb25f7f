package dev.parlo.registry;

import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where things lie in a Hugging Face cache, as {@code huggingface_hub} lays it out:
 *
 * <pre>
 * models--owner--name/refs/main                  the commit
 * models--owner--name/blobs/ETAG                 the bytes
 * models--owner--name/snapshots/COMMIT/FILE      a relative link to the blob
 * models--owner--name/trees/COMMIT.json          the commit's files, where the library noted them
 * models--owner--name/.parlo/COMMIT.json         those of them that this program fetched
 * .locks/models--owner--name/ETAG.lock
 * </pre>
 *
 * Commits, etags and file names come from outside; everything here refuses those that could name
 * another place.
 */
public record CacheLayout(Path root) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final int LONGEST_FILE = 512;
    private static final int LONGEST_SEGMENT = 200;
    private static final int DEEPEST_FILE = 6;
    private static final Set<String> NO_SEGMENTS = Set.of("", ".", "..");

    public Path repository(ModelId id) {
        return root.resolve(id.cacheFolder());
    }

    public Path snapshots(ModelId id) {
        return repository(id).resolve("snapshots");
    }

    public Path snapshot(ModelId id, String commit) {
        return snapshots(id).resolve(commit(commit));
    }

    public Path blobs(ModelId id) {
        return repository(id).resolve("blobs");
    }

    public Path blob(ModelId id, String etag) {
        return blobs(id).resolve(etag(etag));
    }

    public Path references(ModelId id) {
        return repository(id).resolve("refs");
    }

    public Path mainReference(ModelId id) {
        return references(id).resolve("main");
    }

    /** The lists of files that huggingface_hub keeps. */
    Path trees(ModelId id) {
        return repository(id).resolve("trees");
    }

    Path tree(ModelId id, String commit) {
        return trees(id).resolve(commit(commit) + ".json");
    }

    Path fetchedLists(ModelId id) {
        return repository(id).resolve(".parlo");
    }

    /** The list of a commit's files that this program fetched. */
    public Path fetchedList(ModelId id, String commit) {
        return fetchedLists(id).resolve(commit(commit) + ".json");
    }

    public Path locks() {
        return root.resolve(".locks");
    }

    public Path locks(ModelId id) {
        return locks().resolve(id.cacheFolder());
    }

    public Path lock(ModelId id, String etag) {
        return locks(id).resolve(etag(etag) + ".lock");
    }

    /** Where bytes go that are not what the Hub announced. */
    public Path quarantine(ModelId id, String etag) {
        return repository(id).resolve("quarantine").resolve(etag(etag));
    }

    public static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    private static String commit(String commit) {
        if (!isCommit(commit)) {
            throw refused("commit", commit);
        }
        return commit;
    }

    private static String etag(String etag) {
        if (!ETAG.matcher(etag).matches() || etag.endsWith(".incomplete")) {
            throw refused("etag", etag);
        }
        return etag;
    }

    /**
     * A repository's file name, checked: relative, without {@code ..}, backslashes, colons or
     * control characters, of sane length and depth.
     *
     * @throws RegistryException CORRUPT otherwise
     */
    public static String file(String name) {
        String[] segments = name.split("/", -1);
        boolean safe = name.length() <= LONGEST_FILE && segments.length <= DEEPEST_FILE;
        for (String segment : segments) {
            safe &=
                    !NO_SEGMENTS.contains(segment)
                            && segment.length() <= LONGEST_SEGMENT
                            && !segment.endsWith(" ")
                            && segment.chars().noneMatch(CacheLayout::unsafe);
        }
        if (!safe) {
            throw refused("file name", name);
        }
        return name;
    }

    private static boolean unsafe(int character) {
        return Character.isISOControl(character)
                || Character.isSurrogate((char) character)
                || "\\:*?\"<>|%".indexOf(character) >= 0;
    }

    private static RegistryException refused(String what, String given) {
        String shown = given.length() > 80 ? given.substring(0, 80) + "…" : given;
        return new RegistryException(
                RegistryException.Category.CORRUPT,
                "The Hub answered a "
                        + what
                        + " that cannot be used in a path: '"
                        + shown.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?")
                        + "'.");
    }
}
