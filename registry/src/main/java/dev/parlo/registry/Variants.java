package dev.parlo.registry;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The one rule of {@code owner/name:variant}, for every family: what stands behind the colon names
 * one of the models that a repository holds, in exactly their spelling; without a colon, the one
 * that has no name of its own is meant, or the only one, or the first where the family has an order
 * of them. Everything else is refused with the ids that there are.
 */
final class Variants {
    private static final int MOST_SHOWN = 40;

    private Variants() {}

    /**
     * The variant that an id means, "" for a model without a name of its own.
     *
     * @throws RegistryException NO_VARIANT when it means none of them
     */
    static String chosen(FamilyFiles family, RepositoryContents contents) {
        String asked = contents.id().variant();
        List<String> variants = contents.variants(family);
        if (asked.isEmpty()) {
            if (variants.size() > 1
                    && !variants.contains("")
                    && !family.namedVariants().isEmpty()) {
                throw refused(
                        "Model '"
                                + contents.id()
                                + "' holds several "
                                + family.namedVariants()
                                + "; name one of them behind a colon: "
                                + ids(contents.id(), variants));
            }
            return variants.isEmpty() || variants.contains("") ? "" : variants.getFirst();
        }
        if (variants.contains(asked)) {
            return asked;
        }
        VoiceIndex index = contents.voiceIndex();
        String now = index.formerNames().get(asked);
        if (now != null && variants.contains(now)) {
            return now;
        }
        throw refused(
                "Repository '"
                        + contents.id().repository()
                        + "' holds no variant '"
                        + asked
                        + "'. It holds: "
                        + ids(contents.id(), variants.isEmpty() ? List.of("") : variants)
                        + (index.flaw().isEmpty()
                                ? ""
                                : ". Former names of voices are not known, because "
                                        + index.flaw()));
    }

    /** Names that a repository's models had before, and the ids that they have. */
    static Map<ModelId, ModelId> otherNames(RepositoryContents contents, List<ModelId> ids) {
        Map<ModelId, ModelId> names = new LinkedHashMap<>();
        ModelId repository = contents.id().repository();
        contents.voiceIndex()
                .formerNames()
                .forEach((former, now) -> {
                    ModelId id = repository.withVariant(now);
                    ModelId name = repository.withVariant(former);
                    if (ids.contains(id) && !ids.contains(name)) {
                        names.put(name, id);
                    }
                });
        return names;
    }

    /** The ids of a repository's models for a message, those most like the wanted one first. */
    private static String ids(ModelId asked, List<String> variants) {
        List<String> shown =
                variants.stream()
                        .sorted(Comparator.comparingInt(name -> -alike(name, asked.variant())))
                        .limit(MOST_SHOWN)
                        .map(name -> asked.repository() + (name.isEmpty() ? "" : ":" + name))
                        .toList();
        int more = variants.size() - shown.size();
        return shown
                + (more > 0
                        ? " and "
                                + more
                                + " more (`parlo registry show "
                                + asked.repository()
                                + "`)"
                        : "");
    }

    /** How many letters two names begin with in common, whatever their case. */
    private static int alike(String one, String other) {
        String left = one.toLowerCase(Locale.ROOT);
        String right = other.toLowerCase(Locale.ROOT);
        int same = 0;
        while (same < Math.min(left.length(), right.length())
                && left.charAt(same) == right.charAt(same)) {
            same++;
        }
        return same;
    }

    private static RegistryException refused(String message) {
        return new RegistryException(RegistryException.Category.NO_VARIANT, message + ".");
    }
}
