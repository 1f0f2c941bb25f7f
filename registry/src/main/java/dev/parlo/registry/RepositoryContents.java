package dev.parlo.registry;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private static final int MOST_VARIANTS = 2_000;

    /** Of the head of a file, in bytes. */
    private static final int LONGEST_KEPT = 64;

    private final ModelId id;
    private final List<String> files;
    private final Set<String> tags;
    private final FileStart start;
    private final Found found;

    /** What was found out of the files, for all ids of the repository. */
    private static final class Found {
        final Set<String> names;
        final Map<Pattern, List<String>> matching = new HashMap<>();
        final Map<FamilyFiles, List<String>> variants = new HashMap<>();
        final Map<String, byte[]> heads = new HashMap<>();
        @Nullable RepositoryConfig config;
        @Nullable VoiceIndex voices;

        Found(List<String> files) {
            names = Set.copyOf(files);
        }
    }

    /**
     * @param files paths from the repository's root, with {@code /}
     * @param tags the card's tags, library and pipeline tag, in lower case
     * @param start reads the repository's files; called only where it is needed
     */
    public RepositoryContents(ModelId id, List<String> files, Set<String> tags, FileStart start) {
        this(id, files.stream().sorted().toList(), Set.copyOf(tags), start, new Found(files));
    }

    private RepositoryContents(
            ModelId id, List<String> files, Set<String> tags, FileStart start, Found found) {
        this.id = id;
        this.files = files;
        this.tags = tags;
        this.start = start;
        this.found = found;
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
        return new RepositoryContents(other, files, tags, start, found);
    }

    /** What config.json says, read when it is first asked for. */
    RepositoryConfig config() {
        RepositoryConfig known = found.config;
        if (known == null) {
            // one byte more than is accepted, so that a longer file shows
            known =
                    has("config.json")
                            ? RepositoryConfig.of(
                                    start.read("config.json", RepositoryConfig.LONGEST + 1))
                            : RepositoryConfig.UNKNOWN;
            found.config = known;
        }
        return known;
    }

    /** What voices.json says, read when it is first asked for. */
    VoiceIndex voiceIndex() {
        VoiceIndex known = found.voices;
        if (known == null) {
            known =
                    has(VoiceIndex.FILE)
                            ? VoiceIndex.of(start.read(VoiceIndex.FILE, VoiceIndex.LONGEST + 1))
                            : VoiceIndex.NONE;
            found.voices = known;
        }
        return known;
    }

    /** The variants that a family sees in the files, no more than any repository holds. */
    List<String> variants(FamilyFiles family) {
        return found.variants.computeIfAbsent(
                family,
                each -> each.variants(this).stream().distinct().limit(MOST_VARIANTS).toList());
    }

    /** The first bytes of a file; few are kept, since each may be a call of the Hub. */
    byte[] start(String file, int most) {
        return most > LONGEST_KEPT
                ? start.read(file, most)
                : found.heads.computeIfAbsent(file, name -> start.read(name, most));
    }

    boolean has(String file) {
        return found.names.contains(file);
    }

    boolean hasAny(String... names) {
        return Arrays.stream(names).anyMatch(found.names::contains);
    }

    boolean any(Predicate<String> file) {
        return files.stream().anyMatch(file);
    }

    /** The files whose whole path matches. */
    List<String> matching(Pattern pattern) {
        return found.matching.computeIfAbsent(
                pattern,
                each -> files.stream().filter(file -> each.matcher(file).matches()).toList());
    }

    /** Whether the id or a tag holds the word. */
    boolean mentions(String word) {
        return id.toString().toLowerCase(Locale.ROOT).contains(word)
                || tags.stream().anyMatch(tag -> tag.contains(word));
    }
}
