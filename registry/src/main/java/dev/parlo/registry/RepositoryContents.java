package dev.parlo.registry;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What is known of a repository without opening its weights; families are recognised by it, on the
 * Hub and on disk alike.
 *
 * @param files paths from the repository's root, with {@code /}
 * @param tags the card's tags, library and pipeline tag, in lower case
 * @param configKeys the top-level keys of config.json; empty where it was not read
 */
public record RepositoryContents(
        ModelId id, List<String> files, Set<String> tags, Set<String> configKeys) {
    public RepositoryContents {
        files = files.stream().sorted().toList();
        tags = Set.copyOf(tags);
        configKeys = Set.copyOf(configKeys);
    }

    boolean has(String file) {
        return files.contains(file);
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
