package dev.parlo.registry.hub;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RepositoryContents;
import dev.parlo.registry.SpeechVoices;
import dev.parlo.registry.VoiceCatalog;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What the Hub says of a repository.
 *
 * @param commit of the revision asked for, "" in lists
 * @param files paths in the repository; empty in lists
 * @param languages from the card
 * @param tags the Hub's tags, some of which it derives itself
 * @param gated whether its terms must be accepted before its files are given
 * @param blobs by path; of those files whose size and hash the Hub gave
 */
public record HubModel(
        ModelId id,
        String commit,
        List<String> files,
        List<String> languages,
        List<String> tags,
        Instant created,
        long downloads,
        long likes,
        boolean gated,
        Map<String, Blob> blobs) {
    private static final int MOST_FILES = 20_000;
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * What a file's blob is called and how long it is.
     *
     * @param etag sha256 of large files, git's blob sha1 of small ones
     * @param size in bytes
     */
    public record Blob(String etag, long size) {
        /** What {@code ?blobs=true} adds to a file; empty where the Hub does not know it. */
        static Optional<Blob> ofSibling(JsonNode sibling) {
            return of(sibling, "blobId", "sha256");
        }

        /** What an entry of {@code /tree} says of a file; empty for folders. */
        static Optional<Blob> ofTree(JsonNode entry) {
            return entry.path("path").isString() ? of(entry, "oid", "oid") : Optional.empty();
        }

        private static Optional<Blob> of(JsonNode file, String sha1, String sha256) {
            boolean large = file.path("lfs").isObject();
            String etag =
                    large
                            ? file.path("lfs").path(sha256).asString("")
                            : file.path(sha1).asString("");
            JsonNode size = file.path("size");
            return size.isIntegralNumber()
                            && size.canConvertToLong()
                            && size.asLong() >= 0
                            && (large ? SHA256 : SHA1).matcher(etag).matches()
                            && !file.path("type").asString("file").equals("directory")
                    ? Optional.of(new Blob(etag, size.asLong()))
                    : Optional.empty();
        }
    }

    public HubModel {
        files = List.copyOf(files);
        languages = List.copyOf(languages);
        tags = List.copyOf(tags);
        blobs = Map.copyOf(blobs);
    }

    /**
     * Reads an entry of a list; empty when it has no usable id. Missing or odd fields cost only
     * themselves.
     */
    static Optional<HubModel> listed(JsonNode json) {
        // a list has the files only where they were asked for
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : json.path("siblings")) {
            if (sibling.path("rfilename").isString() && files.size() < MOST_FILES) {
                files.add(sibling.path("rfilename").asString());
            }
        }
        return id(json).map(id -> of(id, json, files, Map.of()));
    }

    /**
     * Reads a model's own JSON; empty when it has no usable id.
     *
     * @throws RegistryException UNSUPPORTED for more files than any model has
     */
    static Optional<HubModel> whole(JsonNode json) {
        List<String> files = new ArrayList<>();
        Map<String, Blob> blobs = new HashMap<>();
        for (JsonNode sibling : json.path("siblings")) {
            if (sibling.path("rfilename").isString()) {
                String path = sibling.path("rfilename").asString();
                files.add(path);
                Blob.ofSibling(sibling).ifPresent(blob -> blobs.put(path, blob));
            }
        }
        if (files.size() > MOST_FILES) {
            throw new RegistryException(
                    RegistryException.Category.UNSUPPORTED,
                    "The repository holds "
                            + files.size()
                            + " files; at most "
                            + MOST_FILES
                            + " are looked through.");
        }
        return id(json).map(id -> of(id, json, files, blobs));
    }

    private static Optional<ModelId> id(JsonNode json) {
        JsonNode id = json.path("id");
        return id.isString() ? ModelId.tryParse(id.asString()) : Optional.empty();
    }

    private static HubModel of(
            ModelId id, JsonNode json, List<String> files, Map<String, Blob> blobs) {
        Set<String> tags = new TreeSet<>(words(json.path("tags")));
        tags.addAll(words(json.path("pipeline_tag")));
        tags.addAll(words(json.path("library_name")));
        JsonNode gated = json.path("gated");
        boolean open =
                gated.isMissingNode() || gated.isNull() || gated.asString("").equals("false");
        return new HubModel(
                id,
                json.path("sha").asString(""),
                files,
                ModelCard.readable(words(json.path("cardData").path("language"))),
                List.copyOf(tags),
                time(json.path("createdAt").asString("")),
                count(json.path("downloads")),
                count(json.path("likes")),
                !open,
                blobs);
    }

    /**
     * Whether the Hub's tags call it an adapter (LoRA), which is no model by itself. A list, which
     * has no files, shows it in no other way.
     */
    boolean isAdapter() {
        return tags.stream()
                .anyMatch(tag -> tag.equals("peft") || tag.startsWith("base_model:adapter:"));
    }

    public RepositoryContents contents(ModelId asked, FileStart start) {
        Set<String> lower = new TreeSet<>();
        tags.forEach(tag -> lower.add(tag.toLowerCase(Locale.ROOT)));
        return new RepositoryContents(asked, files, lower, start);
    }

    /** The entry of one of its models. */
    ModelCard card(ModelFamily family, ModelId each, RepositoryContents contents) {
        SpeechVoices speech = VoiceCatalog.remote(each, family, languages, contents);
        return new ModelCard(
                each,
                family,
                ModelCard.languagesFor(
                        family.task(), VoiceCatalog.languages(each, family, languages, speech)),
                created,
                tags,
                downloads,
                likes,
                gated,
                speech);
    }

    /** What a Hub counts is never negative, and a number. */
    private static long count(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() ? Math.max(0, node.asLong()) : 0;
    }

    /** A string, or a list's strings; YAML's {@code no} that became false is Norwegian again. */
    private static List<String> words(JsonNode node) {
        List<String> words = new ArrayList<>();
        for (JsonNode each : node.isArray() ? node : List.of(node)) {
            if (each.isString() && !each.asString().isBlank()) {
                words.add(each.asString());
            } else if (each.isBoolean() && !each.asBoolean()) {
                words.add("no");
            }
        }
        return words;
    }

    private static Instant time(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException odd) {
            return Instant.EPOCH;
        }
    }
}
