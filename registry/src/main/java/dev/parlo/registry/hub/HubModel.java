package dev.parlo.registry.hub;

import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RepositoryContents;
import dev.parlo.registry.VoiceCatalog;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What the Hub says of a repository.
 *
 * @param commit of the revision asked for, "" in lists
 * @param files paths in the repository; empty in lists
 * @param languages from the card
 * @param tags the Hub's tags, some of which it derives itself
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
        boolean restricted) {
    private static final int MOST_FILES = 20_000;

    public HubModel {
        files = List.copyOf(files);
        languages = List.copyOf(languages);
        tags = List.copyOf(tags);
    }

    /**
     * Reads an entry of the Hub's JSON; empty when it has no usable id. Missing or odd fields cost
     * only themselves.
     */
    static Optional<HubModel> of(JsonNode json) {
        JsonNode id = json.path("id");
        return id.isString()
                ? ModelId.tryParse(id.asString()).map(parsed -> of(parsed, json))
                : Optional.empty();
    }

    private static HubModel of(ModelId id, JsonNode json) {
        List<String> files = new ArrayList<>();
        for (JsonNode sibling : json.path("siblings")) {
            if (files.size() < MOST_FILES && sibling.path("rfilename").isString()) {
                files.add(sibling.path("rfilename").asString());
            }
        }
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
                words(json.path("cardData").path("language")),
                List.copyOf(tags),
                time(json.path("createdAt").asString("")),
                json.path("downloads").asLong(0),
                json.path("likes").asLong(0),
                !open || json.path("private").asBoolean(false));
    }

    public RepositoryContents contents(ModelId asked) {
        Set<String> lower = new TreeSet<>();
        tags.forEach(tag -> lower.add(tag.toLowerCase(Locale.ROOT)));
        return new RepositoryContents(asked, files, lower, Set.of());
    }

    ModelCard card(ModelFamily family) {
        return new ModelCard(
                id,
                family,
                ModelCard.languagesFor(family.task(), languages),
                created,
                tags,
                downloads,
                likes,
                restricted,
                VoiceCatalog.remote(id, family, languages));
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
