package dev.parlo.registry.hub;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.HubQuery;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import dev.parlo.registry.RepositoryContents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that could be downloaded: each family's repositories, asked of the Hub all at once and
 * remembered for a while. When the Hub fails, the last answer is given, however old; a repository
 * with an odd card is left out, and the others are listed. Safe for use by many threads.
 */
public final class ModelRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);
    private static final int QUERIES_AT_ONCE = 8;

    /** How a Hub answers that has no such repository, or not for everyone, or an absurd one. */
    private static final Set<Category> ABSENT =
            Set.of(Category.NOT_FOUND, Category.GATED, Category.FORBIDDEN, Category.UNSUPPORTED);

    /** One thing to ask the Hub: a tag query or a single repository. */
    private sealed interface Question {
        ModelFamily family();

        record Tags(ModelFamily family, HubQuery query) implements Question {}

        record Single(ModelFamily family, ModelId id) implements Question {}
    }

    /**
     * @param cut the sentence that says what is missing, "" for nothing
     */
    private record Answer(List<ModelCard> cards, String cut, Instant at) {}

    private record Outcome(Optional<Answer> answer, @Nullable RegistryException problem) {}

    private final HubClient hub;
    private final Duration freshFor;
    private final Duration patience;
    private final InstantSource clock;
    private final Map<Question, Answer> answers = new ConcurrentHashMap<>();
    private final Map<Question, ReentrantLock> asking = new ConcurrentHashMap<>();

    /**
     * @param freshFor how long an answer is given again without asking; zero to ask every time
     * @param patience how long the Hub may take for all that one search asks
     */
    public ModelRegistry(HubClient hub, Duration freshFor, Duration patience) {
        this(hub, freshFor, patience, InstantSource.system());
    }

    ModelRegistry(HubClient hub, Duration freshFor, Duration patience, InstantSource clock) {
        this.hub = hub;
        this.freshFor = freshFor;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * Lists models.
     *
     * @throws RegistryException when there is nothing to list and not everything could be asked:
     *     OFFLINE, UNAVAILABLE, RATE_LIMITED, UNAUTHORIZED
     */
    public RegistryPage search(RegistryQuery query) {
        List<Question> questions = questions(query);
        List<Function<CancelSignal, Outcome>> jobs = new ArrayList<>();
        List<Outcome> outcomes;
        try (TotalTime time = new TotalTime(patience)) {
            questions.forEach(question -> jobs.add(failed -> answer(question, time.signal())));
            outcomes = Parallel.all(jobs, QUERIES_AT_ONCE, new CancelSignal());
        }

        List<String> problems = new ArrayList<>();
        boolean stale = false;
        Map<ModelId, ModelCard> cards = new LinkedHashMap<>();
        @Nullable RegistryException worst = null;
        for (Outcome outcome : outcomes) {
            if (outcome.problem() != null) {
                // One that says how long to wait tells the caller more than the others.
                worst = worst == null || worst.retryAfter().isEmpty() ? outcome.problem() : worst;
                problems.add(outcome.problem().getMessage());
                stale |= outcome.answer().isPresent();
            }
            outcome.answer()
                    .map(Answer::cut)
                    .filter(cut -> !cut.isEmpty())
                    .ifPresent(problems::add);
            outcome.answer()
                    .ifPresent(answer ->
                            answer.cards().forEach(card -> cards.putIfAbsent(card.id(), card)));
        }
        List<ModelCard> chosen = chosen(cards.values().stream(), query);
        // Nothing found is an answer only when everything was asked.
        if (worst != null && chosen.isEmpty()) {
            throw worst;
        }
        return new RegistryPage(chosen, stale, problems.stream().distinct().toList());
    }

    private static List<Question> questions(RegistryQuery query) {
        List<Question> questions = new ArrayList<>();
        for (ModelFamily family : ModelFamily.values()) {
            if (query.task().isPresent() && query.task().get() != family.task()) {
                continue;
            }
            family.hubQueries().forEach(each -> questions.add(new Question.Tags(family, each)));
            family.curated().forEach(each -> questions.add(new Question.Single(family, each)));
        }
        return questions;
    }

    private static List<ModelCard> chosen(Stream<ModelCard> cards, RegistryQuery query) {
        String text = query.text().toLowerCase(Locale.ROOT);
        Stream<ModelCard> found =
                cards.filter(card -> card.id().toString().toLowerCase(Locale.ROOT).contains(text))
                        .filter(card -> query.language().isEmpty() || card.isFor(query.language()));
        Stream<ModelCard> sorted =
                switch (query.sort()) {
                    case TRENDING -> found;
                    case DOWNLOADS ->
                            found.sorted(Comparator.comparingLong(ModelCard::downloads).reversed());
                    case LIKES ->
                            found.sorted(Comparator.comparingLong(ModelCard::likes).reversed());
                    case CREATED ->
                            found.sorted(Comparator.comparing(ModelCard::created).reversed());
                    case ID -> found.sorted(Comparator.comparing(ModelCard::id));
                };
        return (query.limit() > 0 ? sorted.limit(query.limit()) : sorted).toList();
    }

    /** One question, asked by one thread at a time; the others get its answer. */
    private Outcome answer(Question question, CancelSignal signal) {
        ReentrantLock lock = asking.computeIfAbsent(question, key -> new ReentrantLock());
        lock.lock();
        try {
            Optional<Answer> last = Optional.ofNullable(answers.get(question));
            if (last.isPresent() && clock.instant().isBefore(last.get().at().plus(freshFor))) {
                return new Outcome(last, null);
            }
            try {
                Answer fresh = ask(question, signal);
                answers.put(question, fresh);
                return new Outcome(Optional.of(fresh), null);
            } catch (RegistryException refused) {
                RegistryException failed = hub.retries().told(refused, patience);
                // Somebody who keeps the server off the network has said so; the answer repeats it.
                if (failed.category() != Category.OFFLINE) {
                    LOG.warn("asking the Hub for {}: {}", question, failed.getMessage());
                }
                return new Outcome(last, failed);
            }
        } finally {
            lock.unlock();
        }
    }

    private Answer ask(Question question, CancelSignal signal) {
        Answer answer =
                switch (question) {
                    case Question.Tags(ModelFamily family, HubQuery query) -> {
                        ModelList found = hub.models(query, query.most(), signal);
                        String cut =
                                found.complete()
                                        ? ""
                                        : "The Hub has more models for "
                                                + query.filters()
                                                + " than the "
                                                + found.models().size()
                                                + " that are listed.";
                        yield new Answer(
                                cards(family, withFiles(family, found.models(), signal), signal),
                                cut,
                                clock.instant());
                    }
                    case Question.Single(ModelFamily family, ModelId id) ->
                            new Answer(
                                    cards(family, single(id, signal), signal), "", clock.instant());
                };
        signal.check(); // what was passed over when the time was over must not be remembered
        return answer;
    }

    /**
     * The models with their files where these make the ids: a list may come without them, and then
     * each repository is asked by itself.
     */
    private List<HubModel> withFiles(
            ModelFamily family, List<HubModel> models, CancelSignal signal) {
        if (!family.hasVariants()) {
            return models;
        }
        List<Function<CancelSignal, List<HubModel>>> jobs = new ArrayList<>();
        for (HubModel model : models) {
            jobs.add(stop -> model.files().isEmpty() ? single(model.id(), stop) : List.of(model));
        }
        return Parallel.all(jobs, QUERIES_AT_ONCE, signal).stream().flatMap(List::stream).toList();
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
