package dev.parlo.registry.hub;

import dev.parlo.registry.FileStart;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.ModelFiles;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RepositoryContents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large models of the Hub are: their files, of which lists say nothing, with one or two calls
 * for a repository, remembered for a while. Safe for use by many threads.
 */
public final class HubSizes {
    private static final Logger LOG = LoggerFactory.getLogger(HubSizes.class);
    private static final int CALLS_AT_ONCE = 8;
    private static final int MOST_REMEMBERED = 1_000;

    /** A repository that could not be asked is not asked again by each who asks in that time. */
    private static final Duration FAILED_FOR = Duration.ofMinutes(1);

    /**
     * What is known of a repository.
     *
     * @param model empty where it could not be asked
     * @param files of those of its models that were asked for so far
     */
    private record Answer(
            Optional<HubModel> model, Map<ModelId, Optional<ModelFiles>> files, Instant until) {}

    private final HubClient hub;
    private final Duration freshFor;
    private final Duration patience;
    private final InstantSource clock;

    /** One caller asks at a time, and the next finds the answers: they mostly ask for the same. */
    private final ReentrantLock asking = new ReentrantLock();

    private final Map<ModelId, Answer> answers =
            Collections.synchronizedMap(
                    new LinkedHashMap<>() {
                        @Override
                        protected boolean removeEldestEntry(Map.Entry<ModelId, Answer> eldest) {
                            return size() > MOST_REMEMBERED;
                        }
                    });

    /**
     * @param freshFor how long an answer is given again without asking
     * @param patience how long the Hub may take for all that one caller asks for
     */
    public HubSizes(HubClient hub, Duration freshFor, Duration patience) {
        this(hub, freshFor, patience, InstantSource.system());
    }

    HubSizes(HubClient hub, Duration freshFor, Duration patience, InstantSource clock) {
        this.hub = hub;
        this.freshFor = freshFor;
        this.patience = patience;
        this.clock = clock;
    }

    /**
     * The files that would be downloaded of each model. One that cannot be asked for in time, or
     * that does not hold what its card promises, is left out.
     *
     * @param cards of a list; several may be of one repository
     */
    public Map<ModelId, ModelFiles> of(List<ModelCard> cards) {
        Map<ModelId, List<ModelCard>> repositories = new LinkedHashMap<>();
        cards.forEach(card ->
                repositories
                        .computeIfAbsent(card.id().repository(), key -> new ArrayList<>())
                        .add(card));
        asking.lock();
        try (TotalTime time = new TotalTime(patience)) {
            List<Function<CancelSignal, Map<ModelId, ModelFiles>>> jobs = new ArrayList<>();
            repositories.forEach((id, each) -> jobs.add(failed -> files(id, each, time.signal())));
            Map<ModelId, ModelFiles> all = new LinkedHashMap<>();
            Parallel.all(jobs, CALLS_AT_ONCE, new CancelSignal()).forEach(all::putAll);
            return all;
        } finally {
            asking.unlock();
        }
    }

    private Map<ModelId, ModelFiles> files(
            ModelId repository, List<ModelCard> cards, CancelSignal late) {
        Answer answer = answer(repository, late);
        Map<ModelId, ModelFiles> found = new LinkedHashMap<>();
        answer.model()
                .ifPresent(model -> {
                    for (ModelCard card : cards) {
                        Optional<ModelFiles> known = answer.files().get(card.id());
                        if (known == null) {
                            known = files(card, model, late);
                            if (!late.isCancelled()) { // else what was read may not be all
                                answer.files().put(card.id(), known);
                            }
                        }
                        known.ifPresent(files -> found.put(card.id(), files));
                    }
                });
        return found;
    }

    private Answer answer(ModelId repository, CancelSignal late) {
        Answer last = answers.get(repository);
        Instant now = clock.instant();
        if (last != null && now.isBefore(last.until())) {
            return last;
        }
        Answer answer;
        try {
            HubModel model = hub.model(repository, "main", late);
            answer = new Answer(Optional.of(model), new ConcurrentHashMap<>(), now.plus(freshFor));
        } catch (RegistryException failed) {
            LOG.debug("the files of {} are not known: {}", repository, failed.getMessage());
            answer =
                    last == null
                            ? new Answer(Optional.empty(), Map.of(), now.plus(FAILED_FOR))
                            : new Answer(last.model(), last.files(), now.plus(FAILED_FOR));
        }
        answers.put(repository, answer);
        return answer;
    }

    private Optional<ModelFiles> files(ModelCard card, HubModel model, CancelSignal late) {
        ModelId repository = card.id().repository();
        FileStart start =
                (file, most) -> {
                    try {
                        return hub.start(repository, model.commit(), file, most, late);
                    } catch (RegistryException refused) { // such as a gated repository's
                        return new byte[0];
                    }
                };
        try {
            RepositoryContents contents = model.contents(card.id(), start);
            List<String> wanted = card.family().filesToDownload(contents);
            TreeMap<String, Long> sizes = new TreeMap<>();
            model.blobs()
                    .forEach((file, blob) -> {
                        if (wanted.contains(file)) {
                            sizes.put(file, blob.size());
                        }
                    });
            if (sizes.size() < wanted.size() && !model.gated()) { // a mirror that gives no sizes
                hub.describe(repository, model, wanted, 1, late)
                        .forEach(file -> sizes.put(file.path(), file.size()));
            }
            ModelFiles files = ModelFiles.of(card.id(), card.family(), sizes, start);
            // a card alone is no model
            return files.weightBytes() > 0 && sizes.size() == wanted.size()
                    ? Optional.of(files)
                    : Optional.empty();
        } catch (RegistryException other) {
            LOG.debug("passing over {}: {}", card.id(), other.getMessage());
            return Optional.empty();
        }
    }
}
