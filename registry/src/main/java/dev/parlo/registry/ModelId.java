package dev.parlo.registry;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model's name: {@code owner/name}, {@code name} alone (built-in models such as {@code
 * espeak-ng}, and the Hub's oldest repositories), either with {@code :variant} behind it where one
 * repository holds several checkpoints ({@code ggerganov/whisper.cpp:base}).
 *
 * <p>Ids come from outside and end up in paths and addresses, so only what the Hub itself allows is
 * accepted: ASCII letters, digits, {@code _ - .}, each part starting and ending with a letter,
 * digit or underscore, no {@code --} and no {@code ..}, at most 96 characters a part. Names that
 * Windows reserves for devices are refused too. An id is therefore always safe as a folder name.
 *
 * @param owner the part before the slash, "" when there is none
 * @param name the part after it
 * @param variant the part after the colon, "" when there is none
 */
public record ModelId(String owner, String name, String variant) implements Comparable<ModelId> {
    private static final int LONGEST_PART = 96;
    private static final int SHOWN = 80;
    private static final Pattern PART =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?");
    private static final Set<String> DEVICES =
            Set.of(
                    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6",
                    "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7",
                    "lpt8", "lpt9");
    private static final String FOLDER_PREFIX = "models--";

    public ModelId {
        if ((!owner.isEmpty() && !isPart(owner))
                || !isPart(name)
                || name.endsWith(".git")
                || (!variant.isEmpty() && !isPart(variant))) {
            throw invalid(
                    (owner.isEmpty() ? "" : owner + "/")
                            + name
                            + (variant.isEmpty() ? "" : ":" + variant));
        }
    }

    /** An id without variant. */
    public ModelId(String owner, String name) {
        this(owner, name, "");
    }

    /**
     * Reads an id.
     *
     * @throws RegistryException INVALID_ID when it is not an id; the message shows the text
     *     shortened and with control characters replaced
     */
    public static ModelId parse(String text) {
        if (text.length() > 3 * LONGEST_PART + 2) {
            throw invalid(text);
        }
        int colon = text.indexOf(':');
        String repository = colon < 0 ? text : text.substring(0, colon);
        String variant = colon < 0 ? "" : text.substring(colon + 1);
        int slash = repository.indexOf('/');
        String owner = slash < 0 ? "" : repository.substring(0, slash);
        String name = repository.substring(slash + 1);
        if (slash == 0 || (colon >= 0 && variant.isEmpty())) {
            throw invalid(text);
        }
        return new ModelId(owner, name, variant);
    }

    /** Reads an id; empty instead of an exception. */
    public static Optional<ModelId> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (RegistryException invalid) {
            return Optional.empty();
        }
    }

    /**
     * The id whose repository lies in this folder of a Hugging Face cache, if it is such a folder.
     */
    public static Optional<ModelId> ofCacheFolder(String folder) {
        if (!folder.startsWith(FOLDER_PREFIX)) {
            return Optional.empty();
        }
        String rest = folder.substring(FOLDER_PREFIX.length());
        Optional<ModelId> id = tryParse(rest.replace("--", "/"));
        return id.filter(found -> found.cacheFolder().equals(folder));
    }

    /** The folder of its repository in a Hugging Face cache: {@code models--owner--name}. */
    public String cacheFolder() {
        return FOLDER_PREFIX + (owner.isEmpty() ? name : owner + "--" + name);
    }

    /** The id of the whole repository: this one without its variant. */
    public ModelId repository() {
        return variant.isEmpty() ? this : new ModelId(owner, name);
    }

    /** The same repository's checkpoint of that name. */
    public ModelId withVariant(String variant) {
        return new ModelId(owner, name, variant);
    }

    /** Who publishes it: the owner, or the name itself when there is none. */
    public String ownedBy() {
        return owner.isEmpty() ? name : owner;
    }

    @Override
    public int compareTo(ModelId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return (owner.isEmpty() ? name : owner + "/" + name)
                + (variant.isEmpty() ? "" : ":" + variant);
    }

    /** Whether a text may stand between the marks of an id. */
    static boolean isPart(String part) {
        if (part.length() > LONGEST_PART
                || !PART.matcher(part).matches()
                || part.contains("--")
                || part.contains("..")) {
            return false;
        }
        int dot = part.indexOf('.');
        String stem = dot < 0 ? part : part.substring(0, dot);
        return !DEVICES.contains(stem.toLowerCase(Locale.ROOT));
    }

    private static RegistryException invalid(String text) {
        String start = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
        return new RegistryException(
                RegistryException.Category.INVALID_ID,
                "'"
                        + start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?")
                        + "' is not a model id. An id is owner/name in letters, digits, '_', '-' and"
                        + " '.', for example Systran/faster-whisper-tiny, or an alias.");
    }
}
