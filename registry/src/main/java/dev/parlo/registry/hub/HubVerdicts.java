package dev.parlo.registry.hub;

import dev.parlo.registry.ModelFamily;
import dev.parlo.registry.ModelId;
import dev.parlo.registry.ModelStore;
import dev.parlo.registry.RegistryException;
import dev.parlo.registry.RegistryException.Category;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of repositories that are not installed whether a download would be in vain, so that nobody
 * is told to download an adapter. A client waits meanwhile, and may send any id: the Hub is asked
 * for one at a time, for a moment, and not again soon. Safe for use by many threads.
 */
public final class HubVerdicts {
    private static final Logger LOG = LoggerFactory.getLogger(HubVerdicts.class);
    private static final int MOST_REMEMBERED = 1_000;
    private static final Set<Category> OF_THE_REPOSITORY =
            Set.of(Category.NOT_FOUND, Category.GATED, Category.FORBIDDEN, Category.UNAUTHORIZED);

    private final HubClient hub;
    private final ModelStore store;
    private final Duration freshFor;
    private final Duration patience;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private final Map<ModelId, Instant> asked =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ModelId, Instant> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };
    private Instant quietUntil = Instant.MIN;

    /**
     * @param store learns which repositories cannot be used
     * @param freshFor how long a repository, or a Hub that cannot be asked, is not asked again
     * @param patience how long the Hub may take for one answer
     */
    public HubVerdicts(HubClient hub, ModelStore store, Duration freshFor, Duration patience) {
        this(hub, store, freshFor, patience, InstantSource.system());
    }

    HubVerdicts(
            HubClient hub,
            ModelStore store,
            Duration freshFor,
            Duration patience,
            InstantSource clock) {
        this.hub = hub;
        this.store = store;
        this.freshFor = freshFor;
        this.patience = patience;
        this.clock = clock;
    }

    /** Tells the store where the Hub says that a model cannot be used; never fails. */
    public void learn(ModelId id) {
        if (hub.settings().offline() || !store.isUnheardOf(id) || !locked()) {
            return;
        }
        try {
            Instant now = clock.instant();
            Instant before = asked.get(id);
            boolean known = before != null && now.isBefore(before.plus(freshFor));
            if (!known && !now.isBefore(quietUntil)) {
                asked.put(id, now);
                ask(id);
            }
        } finally {
            asking.unlock();
        }
    }

    private boolean locked() {
        try {
            return asking.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void ask(ModelId id) {
        try (TotalTime time = new TotalTime(patience)) {
            CancelSignal signal = time.signal();
            HubModel model = hub.model(id.repository(), "main", signal);
            var contents =
                    model.contents(
                            id,
                            (file, most) ->
                                    hub.start(id.repository(), model.commit(), file, most, signal));
            if (ModelFamily.of(contents).isEmpty()) {
                RegistryException why = ModelStore.unsupported(id, contents);
                signal.check(); // a file that came too late would have told more
                store.refused(id, why);
            }
        } catch (RegistryException unanswered) {
            LOG.debug("what {} holds is not known: {}", id, unanswered.getMessage());
            if (!OF_THE_REPOSITORY.contains(unanswered.category())) {
                quietUntil = clock.instant().plus(freshFor);
            }
        } catch (RuntimeException odd) { // of a hostile repository: the refusal is as without it
            LOG.warn("what {} holds is not known: {}", id, odd.toString());
        }
    }
}
