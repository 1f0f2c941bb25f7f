package dev.parlo.registry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a repository without opening its weights; families are recognised by it, on the
 * Hub and on disk by the same rule. The files come first, then config.json and the head of a file;
 * the id and the card's tags decide only where those say nothing. For use by one thread.
 */
public final class RepositoryContents {
    private final ModelId id;
    private final List<String> files;
    private final Set<String> tags;
    private final FileStart start;
    private @Nullable RepositoryConfig config;
    private @Nullable VoiceIndex voices;

    /**
     * @param files paths from the repository's root, with {@code /}
     * @param tags the card's tags, library and pipeline tag, in lower case
     * @param start reads the repository's files; called only where it is needed
     */
    public RepositoryContents(ModelId id, List<String> files, Set<String> tags, FileStart start) {
        this.id = id;
        this.files = files.stream().sorted().toList();
        this.tags = Set.copyOf(tags);
        this.start = start;
    }

    ModelId id() {
        return id;
    }

    List<String> files() {
        return files;
    }

    Set<String> tags() {
        return tags;
    }

    /** The same files under another id of the repository. */
    public RepositoryContents named(ModelId other) {
        RepositoryContents same = new RepositoryContents(other, files, tags, start);
        same.config = config;
        same.voices = voices;
        return same;
    }

    /** What config.json says, read when it is first asked for. */
    RepositoryConfig config() {
        RepositoryConfig known = config;
        if (known == null) {
            // one byte more than is accepted, so that a longer file shows
            known =
                    has("config.json")
                            ? RepositoryConfig.of(
                                    start.read("config.json", RepositoryConfig.LONGEST + 1))
                            : RepositoryConfig.UNKNOWN;
            config = known;
        }
        return known;
    }

    /** What voices.json says, read when it is first asked for. */
    VoiceIndex voiceIndex() {
        VoiceIndex known = voices;
        if (known == null) {
            known =
                    has(VoiceIndex.FILE)
                            ? VoiceIndex.of(start.read(VoiceIndex.FILE, VoiceIndex.LONGEST + 1))
                            : VoiceIndex.NONE;
            voices = known;
        }
        return known;
    }

    /** The first bytes of a file. */
    byte[] start(String file, int most) {
        return start.read(file, most);
    }

    boolean has(String file) {
        return files.contains(file);
    }

    boolean hasAny(String... names) {
        return Arrays.stream(names).anyMatch(files::contains);
    }

    boolean any(Predicate<String> file) {
        return files.stream().anyMatch(file);
    }

    /** The files whose whole path matches. */
    List<String> matching(Pattern pattern) {
        return files.stream().filter(file -> pattern.matcher(file).matches()).toList();
    }

    /** Whether the id or a tag holds the word. */
    boolean mentions(String word) {
        return id.toString().toLowerCase(Locale.ROOT).contains(word)
                || tags.stream().anyMatch(tag -> tag.contains(word));
    }
}
