package dev.parlo.registry.hub;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.RepositoryContents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the questions that make a list to the Hub. A repository or a page that fails costs only
 * itself: the answer holds the others and says what is missing. Safe for use by many threads.
 */
final class HubQuestions {
    private static final Logger LOG = LoggerFactory.getLogger(HubQuestions.class);
    private static final int CALLS_AT_ONCE = 8;
    private static final int MOST_NAMED = 3;

    /** How a Hub answers that has no such repository, or not for everyone, or an absurd one. */
    private static final Set<Category> ABSENT =
            Set.of(Category.NOT_FOUND, Category.GATED, Category.FORBIDDEN, Category.UNSUPPORTED);

    /** One repository of a list, or why it cannot be told what it holds. */
    private record Asked(ModelId id, List<HubModel> model, Optional<RegistryException> failed) {
        static Asked known(HubModel model) {
            return new Asked(model.id(), List.of(model), Optional.empty());
        }
    }

    private final HubClient hub;
    private final Duration patience;

    /**
     * @param patience of the signals that {@link #ask} is given; messages name it
     */
    HubQuestions(HubClient hub, Duration patience) {
        this.hub = hub;
        this.patience = patience;
    }

    /**
     * @throws RegistryException as {@link HubClient#model}, where nothing at all can be told
     */
    FoundModels ask(HubQuestion question, CancelSignal signal) {
        return switch (question) {
            case HubQuestion.Tags(var family, var query) ->
                    found(family, hub.models(query, query.most(), signal), query.filters(), signal);
            case HubQuestion.Single(var family, var id) -> {
                List<ModelCard> cards = cards(family, single(id, signal), signal);
                signal.check(); // what was passed over when the time was over is not the answer
                yield new FoundModels(cards, Set.of(), false, List.of());
            }
        };
    }

    private FoundModels found(
            ModelFamily family, ModelList list, List<String> filters, CancelSignal signal) {
        List<HubModel> models = new ArrayList<>();
        Set<ModelId> missing = new HashSet<>();
        List<String> notes = new ArrayList<>();
        @Nullable RegistryException why = null;
        for (Asked asked : withFiles(family, list.models(), signal)) {
            models.addAll(asked.model());
            if (asked.failed().isPresent()) {
                missing.add(asked.id());
                RegistryException failed = asked.failed().get();
                why = why == null || tells(failed) > tells(why) ? failed : why;
                LOG.debug("leaving out {}: {}", asked.id(), failed.getMessage());
            }
        }
        if (why != null) {
            notes.add("Left out: " + named(missing) + ". " + text(why));
        }
        if (list.broken() != null) {
            notes.add(
                    "The list of "
                            + filters
                            + " breaks off after "
                            + list.models().size()
                            + " models. "
                            + text(list.broken()));
        } else if (!list.complete()) {
            notes.add(
                    "The Hub has more models for "
                            + filters
                            + " than the "
                            + list.models().size()
                            + " that are listed.");
        }
        List<ModelCard> cards = cards(family, models, signal);
        // what was passed over when the time was over is asked for again soon
        boolean part = list.broken() != null || signal.isCancelled();
        FoundModels found = new FoundModels(cards, missing, part, notes);
        if (!found.isWhole()) {
            LOG.warn("the list of {} is not whole: {}", filters, String.join(" ", notes));
        }
        return found;
    }

    private String text(RegistryException failed) {
        return String.valueOf(hub.retries().told(failed, patience).getMessage());
    }

    /**
     * How much a failure tells: how long to wait, or a reason at all. Those that were not asked any
     * more because of another one tell nothing.
     */
    private static int tells(RegistryException failed) {
        if (failed.retryAfter().isPresent()) {
            return 2;
        }
        return failed.category() == Category.CANCELLED ? 0 : 1;
    }

    private static String named(Set<ModelId> missing) {
        List<String> names = missing.stream().sorted().map(ModelId::toString).toList();
        return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
                + (names.size() > MOST_NAMED
                        ? " and " + (names.size() - MOST_NAMED) + " more"
                        : "");
    }

    /**
     * The models with their files where these make the ids: a list may come without them, and then
     * each repository is asked by itself.
     */
    private List<Asked> withFiles(ModelFamily family, List<HubModel> models, CancelSignal signal) {
        if (!family.hasVariants()) {
            return models.stream().map(Asked::known).toList();
        }
        CancelSignal limited = signal.child();
        List<Function<CancelSignal, Asked>> jobs = new ArrayList<>();
        for (HubModel model : models) {
            jobs.add(unused ->
                    model.files().isEmpty() ? asked(model.id(), limited) : Asked.known(model));
        }
        return Parallel.all(jobs, CALLS_AT_ONCE, new CancelSignal());
    }

    private Asked asked(ModelId id, CancelSignal limited) {
        try {
            return new Asked(id, single(id, limited), Optional.empty());
        } catch (RegistryException failed) {
            if (failed.category() == Category.RATE_LIMITED) {
                limited.cancel(); // the next call would be refused like this one
            }
            return new Asked(id, List.of(), Optional.of(failed));
        }
    }

    /** One repository; none where this Hub does not have it or does not show it. */
    private List<HubModel> single(ModelId id, CancelSignal signal) {
        try {
            Optional<HubModel> model = hub.listedModel(id, "main", signal);
            if (model.isEmpty()) {
                LOG.warn("passing over {}: the Hub's answer names no model or no commit", id);
            }
            return model.stream().toList();
        } catch (RegistryException failed) {
            if (!ABSENT.contains(failed.category())) {
                throw failed;
            }
            LOG.debug("this Hub does not give {}: {}", id, failed.getMessage());
            return List.of();
        }
    }

    private List<ModelCard> cards(ModelFamily family, List<HubModel> models, CancelSignal signal) {
        List<ModelCard> cards = new ArrayList<>();
        for (HubModel model : models) {
            if (model.isAdapter() && model.files().isEmpty()) {
                LOG.debug("leaving out {}: an adapter", model.id());
                continue;
            }
            try {
                RepositoryContents contents =
                        model.contents(model.id(), ofVoices(family, model, signal));
                for (ModelId each : family.ids(contents)) {
                    cards.add(model.card(family, each, contents));
                }
            } catch (RuntimeException odd) {
                LOG.warn("passing over {}: {}", model.id(), odd.toString());
            }
        }
        return cards;
    }

    /**
     * Reads what describes the voices of a repository of many; of all others names have to do,
     * since a file of each would be a call of each.
     */
    private FileStart ofVoices(ModelFamily family, HubModel model, CancelSignal signal) {
        if (family != ModelFamily.PIPER || model.commit().isEmpty()) {
            return FileStart.NONE;
        }
        return (file, most) -> {
            try {
                return hub.start(model.id(), model.commit(), file, most, signal);
            } catch (RegistryException failed) {
                LOG.warn("reading {} of {}: {}", file, model.id(), failed.getMessage());
                return new byte[0];
            }
        };
    }
}
