package dev.parlo.registry.hub;

import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
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

    /** What could not be had is asked for again sooner than what is only old. */
    private static final Duration FRESH_IN_PART = Duration.ofMinutes(1);

    /**
     * @param found with what an earlier answer knew of the repositories that failed now
     * @param stale whether some of it is from an earlier answer
     */
    private record Answer(FoundModels found, boolean stale, Instant until) {}

    private record Outcome(Optional<Answer> answer, Optional<RegistryException> problem) {}

    private final HubClient hub;
    private final Duration freshFor;
    private final Duration patience;
    private final InstantSource clock;
    private final HubQuestions questions;
    private final Map<HubQuestion, Answer> answers = new ConcurrentHashMap<>();
    private final Map<HubQuestion, ReentrantLock> asking = new ConcurrentHashMap<>();

    /**
     * @param freshFor how long an answer is given again without asking; zero to ask every time
     * @param patience how long the Hub may take for all that one search asks
     */
    public ModelRegistry(HubClient hub, Duration freshFor, Duration patience) {
        this(hub, freshFor, patience, InstantSource.system());
    }

    ModelRegistry(HubClient hub, Duration freshFor, Duration patience, InstantSource clock) {
        this.hub = hub;
        this.questions = new HubQuestions(hub, patience);
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
        List<Function<CancelSignal, Outcome>> jobs = new ArrayList<>();
        List<Outcome> outcomes;
        try (TotalTime time = new TotalTime(patience)) {
            for (ModelFamily family : ModelFamily.values()) {
                if (query.task().isEmpty() || query.task().get() == family.task()) {
                    HubQuestion.of(family)
                            .forEach(each -> jobs.add(failed -> answer(each, time.signal())));
                }
            }
            outcomes = Parallel.all(jobs, QUERIES_AT_ONCE, new CancelSignal());
        }

        List<String> problems = new ArrayList<>();
        boolean stale = false;
        Map<ModelId, ModelCard> cards = new LinkedHashMap<>();
        @Nullable RegistryException worst = null;
        for (Outcome outcome : outcomes) {
            if (outcome.problem().isPresent()) {
                RegistryException problem = outcome.problem().get();
                // One that says how long to wait tells the caller more than the others.
                worst = worst == null || worst.retryAfter().isEmpty() ? problem : worst;
                problems.add(problem.getMessage());
            }
            if (outcome.answer().isPresent()) {
                Answer answer = outcome.answer().get();
                stale |= answer.stale() || outcome.problem().isPresent();
                problems.addAll(answer.found().notes());
                answer.found().cards().forEach(card -> cards.putIfAbsent(card.id(), card));
            }
        }
        List<ModelCard> chosen = chosen(cards.values().stream(), query);
        // Nothing found is an answer only when every question was answered.
        if (worst != null && chosen.isEmpty()) {
            throw worst;
        }
        return new RegistryPage(chosen, stale, problems.stream().distinct().toList());
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
    private Outcome answer(HubQuestion question, CancelSignal signal) {
        ReentrantLock lock = asking.computeIfAbsent(question, key -> new ReentrantLock());
        lock.lock();
        try {
            Optional<Answer> last = Optional.ofNullable(answers.get(question));
            if (last.isPresent() && clock.instant().isBefore(last.get().until())) {
                return new Outcome(last, Optional.empty());
            }
            try {
                Answer fresh = merged(questions.ask(question, signal), last);
                answers.put(question, fresh);
                return new Outcome(Optional.of(fresh), Optional.empty());
            } catch (RegistryException refused) {
                RegistryException failed = hub.retries().told(refused, patience);
                // Somebody who keeps the server off the network has said so; the answer repeats it.
                if (failed.category() != Category.OFFLINE) {
                    LOG.warn("asking the Hub for {}: {}", question, failed.getMessage());
                }
                return new Outcome(last, Optional.of(failed));
            }
        } finally {
            lock.unlock();
        }
    }

    /** What could not be had now is as it was last, if it was there. */
    private Answer merged(FoundModels found, Optional<Answer> last) {
        if (found.isWhole()) {
            return new Answer(found, false, clock.instant().plus(freshFor));
        }
        List<ModelCard> older =
                last.stream()
                        .flatMap(answer -> answer.found().cards().stream())
                        .filter(card -> found.mayHold(card.id()))
                        .toList();
        Duration soon = freshFor.compareTo(FRESH_IN_PART) < 0 ? freshFor : FRESH_IN_PART;
        return new Answer(found.with(older), !older.isEmpty(), clock.instant().plus(soon));
    }
}
