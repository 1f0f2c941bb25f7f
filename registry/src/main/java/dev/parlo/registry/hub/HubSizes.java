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
    private static final int MOST_REMEMBERED = 2_000;

    private record Answer(Map<ModelId, ModelFiles> models, Instant at) {}

    private final HubClient hub;
    private final Duration freshFor;
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
     */
    public HubSizes(HubClient hub, Duration freshFor) {
        this(hub, freshFor, InstantSource.system());
    }

    HubSizes(HubClient hub, Duration freshFor, InstantSource clock) {
        this.hub = hub;
        this.freshFor = freshFor;
        this.clock = clock;
    }

    /**
     * The files that would be downloaded of each model. One that cannot be asked for, or that does
     * not hold what its card promises, is left out.
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
        try {
            List<Function<CancelSignal, Map<ModelId, ModelFiles>>> jobs = new ArrayList<>();
            repositories.forEach((id, each) -> jobs.add(signal -> files(id, each, signal)));
            Map<ModelId, ModelFiles> all = new LinkedHashMap<>();
            Parallel.all(jobs, CALLS_AT_ONCE, new CancelSignal()).forEach(all::putAll);
            return all;
        } finally {
            asking.unlock();
        }
    }

    private Map<ModelId, ModelFiles> files(
            ModelId repository, List<ModelCard> cards, CancelSignal signal) {
        Optional<Answer> last = Optional.ofNullable(answers.get(repository));
        if (last.isPresent() && clock.instant().isBefore(last.get().at().plus(freshFor))) {
            return last.get().models();
        }
        try {
            Map<ModelId, ModelFiles> found = ask(repository, cards, signal);
            answers.put(repository, new Answer(found, clock.instant()));
            return found;
        } catch (RegistryException failed) {
            LOG.debug("the files of {} are not known: {}", repository, failed.getMessage());
            return last.map(Answer::models).orElse(Map.of());
        }
    }

    private Map<ModelId, ModelFiles> ask(
            ModelId repository, List<ModelCard> cards, CancelSignal signal) {
        HubModel model = hub.model(repository, "main", signal);
        FileStart start =
                (file, most) -> {
                    try {
                        return hub.start(repository, model.commit(), file, most, signal);
                    } catch (RegistryException refused) { // such as a gated repository's
                        return new byte[0];
                    }
                };
        Map<ModelId, ModelFiles> found = new LinkedHashMap<>();
        for (ModelCard card : cards) {
            files(card, model, start, signal).ifPresent(files -> found.put(card.id(), files));
        }
        return found;
    }

    private Optional<ModelFiles> files(
            ModelCard card, HubModel model, FileStart start, CancelSignal signal) {
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
                hub.describe(card.id().repository(), model, wanted, 1, signal)
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
