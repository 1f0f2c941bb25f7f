package dev.parlo.server.suggestion;

import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelFiles;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.hub.RegistryPage;
import dev.parlo.registry.hub.RegistryQuery;
import dev.parlo.server.models.HubAccess;
import dev.parlo.server.models.MemoryEstimate;
import dev.parlo.server.models.ModelLibrary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the models that do a task, in a language, within a memory: those that are installed and the
 * Hub's, by what their cards and files say. Without the Hub, those that are installed. Thread-safe.
 */
public final class Suggestions {
    /** Each costs the Hub a call or two when it is first looked at. */
    private static final int REPOSITORIES_OF_A_FAMILY = 12;

    private static final int NEARLY = 3;

    private final ModelLibrary library;
    private final HubAccess hub;
    private final MemoryEstimate estimate;
    private final Room room;

    /**
     * What was found.
     *
     * @param fitting the best first
     * @param tooLarge the smallest of those that do not fit
     * @param others how many do the task, but are for other languages
     * @param room of the models that are computed on the processor
     * @param hub whether the Hub was asked, or an older answer of it was there
     * @param problems what is missing, in sentences
     */
    record Found(
            List<Candidate> fitting,
            List<Candidate> tooLarge,
            int others,
            Room.Limit room,
            boolean hub,
            List<String> problems) {}

    public Suggestions(ModelLibrary library, HubAccess hub, MemoryEstimate estimate, Room room) {
        this.library = library;
        this.hub = hub;
        this.estimate = estimate;
        this.room = room;
    }

    Found find(SuggestionQuery query) {
        List<InstalledModel> installed = library.installed(query.task());
        List<String> problems = new ArrayList<>();
        Optional<RegistryPage> page = ask(query, problems);
        List<ModelCard> remote = page.map(RegistryPage::cards).orElse(List.of());

        Map<ModelId, Candidate> all = new LinkedHashMap<>();
        Map<ModelId, ModelCard> cards = new HashMap<>();
        // once for each of thousands: a card's languages may be many, in many spellings
        Map<ModelId, Languages.Match> matches = new HashMap<>();
        for (ModelCard card : remote) {
            cards.put(card.id(), card);
            matches.put(card.id(), match(query, card));
        }
        for (InstalledModel model : installed) {
            all.put(model.id(), candidate(query, model, cards.get(model.id())));
        }
        List<ModelCard> looked = worthALook(matches, remote, all.keySet());
        Map<ModelId, ModelFiles> files = hub.sizes().of(looked);
        for (ModelCard card : looked) {
            ModelFiles known = files.get(card.id());
            if (known != null) {
                all.put(card.id(), candidate(query, card, Optional.empty(), known));
            }
        }
        long unknown = looked.stream().filter(card -> !files.containsKey(card.id())).count();
        if (unknown > 0) {
            problems.add(
                    "The files of "
                            + (unknown == 1 ? "one model" : unknown + " models")
                            + " of the Hub are not known (gated, late or not as its card says);"
                            + " left out.");
        }
        int others = Collections.frequency(matches.values(), Languages.Match.OTHER);
        return sorted(query, all.values(), others, page.isPresent(), problems);
    }

    private Optional<RegistryPage> ask(SuggestionQuery query, List<String> problems) {
        try {
            RegistryPage page =
                    hub.registry()
                            .search(
                                    new RegistryQuery(
                                            Optional.of(query.task()),
                                            "",
                                            0,
                                            RegistryQuery.Sort.DOWNLOADS));
            problems.addAll(page.problems());
            return Optional.of(page);
        } catch (RegistryException failed) {
            problems.add(String.valueOf(failed.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * The Hub has thousands: of each family those repositories that are downloaded most, first
     * those that name the language.
     */
    private static List<ModelCard> worthALook(
            Map<ModelId, Languages.Match> matches, List<ModelCard> remote, Set<ModelId> installed) {
        Map<ModelFamily, Set<ModelId>> repositories = new HashMap<>();
        List<ModelCard> looked = new ArrayList<>();
        List<ModelCard> ordered =
                remote.stream()
                        .filter(card -> matches.get(card.id()) != Languages.Match.OTHER)
                        .sorted(
                                Comparator.comparing(
                                        card -> matches.get(card.id()) == Languages.Match.UNKNOWN))
                        .toList();
        for (ModelCard card : ordered) {
            Set<ModelId> chosen =
                    repositories.computeIfAbsent(card.family(), key -> new LinkedHashSet<>());
            if (chosen.size() < REPOSITORIES_OF_A_FAMILY) {
                chosen.add(card.id().repository());
            }
        }
        Set<ModelId> chosen = new HashSet<>();
        repositories.values().forEach(chosen::addAll);
        for (ModelCard card : ordered) {
            if (chosen.contains(card.id().repository()) && !installed.contains(card.id())) {
                looked.add(card);
            }
        }
        return looked;
    }

    private Found sorted(
            SuggestionQuery query,
            Iterable<Candidate> all,
            int others,
            boolean asked,
            List<String> problems) {
        List<Candidate> fitting = new ArrayList<>();
        List<Candidate> tooLarge = new ArrayList<>();
        for (Candidate candidate : all) {
            if (candidate.match() != Languages.Match.OTHER) {
                (candidate.fit() == Candidate.Fit.TOO_LARGE ? tooLarge : fitting).add(candidate);
            }
        }
        fitting.sort(Candidate.BEST_FIRST);
        tooLarge.sort(Comparator.comparingLong(candidate -> candidate.size().bytes()));
        return new Found(
                onePerRepository(fitting).stream().limit(query.limit()).toList(),
                tooLarge.stream().limit(NEARLY).toList(),
                others,
                room.of(ModelFamily.PIPER, false, query.memory()),
                asked,
                problems.stream().distinct().toList());
    }

    /** Of a repository's precisions the best one; one that is installed is always shown. */
    private static List<Candidate> onePerRepository(List<Candidate> sorted) {
        Set<ModelId> seen = new HashSet<>();
        return sorted.stream()
                .filter(each ->
                        seen.add(each.card().id().repository()) || each.installed().isPresent())
                .toList();
    }

    private Candidate candidate(
            SuggestionQuery query, InstalledModel model, @Nullable ModelCard known) {
        ModelCard card = known == null ? model.card() : known;
        return candidate(query, card, Optional.of(model), model.measured());
    }

    private Candidate candidate(
            SuggestionQuery query,
            ModelCard card,
            Optional<InstalledModel> installed,
            ModelFiles files) {
        MemoryEstimate.Size size = estimate.of(files);
        Languages.Match match = match(query, card);
        return new Candidate(
                card,
                installed,
                files,
                size,
                room.of(card.family(), size.gpu(), query.memory()),
                match,
                query.language().isPresent()
                        ? match == Languages.Match.MADE_FOR
                        : Languages.isBroad(card));
    }

    private static Languages.Match match(SuggestionQuery query, ModelCard card) {
        return query.language()
                .map(language -> Languages.match(card, language))
                .orElse(Languages.Match.NAMED);
    }
}
