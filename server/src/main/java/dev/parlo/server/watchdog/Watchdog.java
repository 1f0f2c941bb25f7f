package dev.parlo.server.watchdog;

import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices steps of native code that do not end. Nothing in this process can end such a step against
 * its will, so what is done comes in stages: it is asked to end, and its model takes no new
 * requests; then the engine is given up, its requests are answered and another engine serves the
 * next ones; at last the server says that it is not alive, so that whoever runs it starts it again.
 *
 * <p>{@link #look} is called by one thread; the rest is thread-safe.
 */
public final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** The part of the limit that a step has to end in once it was asked to. */
    private static final int GRACE = 10;

    /** Limits after which a step that is still there will not end any more. */
    private static final int HOPELESS = 2;

    private final long limitNanos;
    private final Supplier<List<Watched>> watched;
    private final Consumer<String> noticed;
    private final LongSupplier nanoTime;

    /**
     * Those that {@link #watched} names no more, as long as a step of theirs runs. By their steps,
     * since each call may describe the same model anew.
     */
    private final Map<NativeSteps, Watched> givenUp = new HashMap<>();

    private Map<StepLane, Seen> seen = new HashMap<>();
    private volatile List<StuckStep> stuck = List.of();

    /** A model, or a library, whose steps are looked at. */
    public interface Watched {
        /** Its id. */
        String name();

        /** Always the same: what it is known by. */
        NativeSteps steps();

        /** The ids in the log of the requests that it computes for, as far as they are known. */
        default List<String> requests() {
            return List.of();
        }

        /** One of its steps will not end: others are to do its work, and nobody waits for it. */
        void giveUp();
    }

    /** A lane where it was found within a step, and for how long it has been found there since. */
    private record Seen(
            String model, long position, long sinceNanos, boolean asked, boolean left) {}

    /**
     * A step that takes too long.
     *
     * @param model or library
     * @param what it does, in a word or two
     * @param seconds since it was first seen
     * @param hopeless whether only another process can do without it
     */
    public record StuckStep(
            String model, String what, String thread, long seconds, boolean hopeless) {}

    /**
     * @param limit of one step
     * @param watched what there is to look at now
     * @param noticed is told the name of the model whenever another step takes too long
     * @param nanoTime as {@link System#nanoTime}
     */
    public Watchdog(
            Duration limit,
            Supplier<List<Watched>> watched,
            Consumer<String> noticed,
            LongSupplier nanoTime) {
        this.limitNanos = limit.toNanos();
        this.watched = watched;
        this.noticed = noticed;
        this.nanoTime = nanoTime;
    }

    /** How often to look: what is found is exact to so much. */
    public static Duration interval(Duration limit) {
        return Duration.ofMillis(Math.clamp(limit.toMillis() / 20, 50, 5000));
    }

    /** The steps that take too long now. */
    public List<StuckStep> stuck() {
        return stuck;
    }

    /** Looks at every step once. */
    public void look() {
        long now = nanoTime.getAsLong();
        Map<StepLane, Seen> found = new HashMap<>();
        List<StuckStep> slow = new ArrayList<>();
        Map<NativeSteps, Watched> all = new HashMap<>(givenUp);
        watched.get().forEach(model -> all.putIfAbsent(model.steps(), model));
        all.values().forEach(model -> look(model, now, found, slow));
        seen.forEach((lane, before) -> {
            Seen still = found.get(lane);
            if (before.asked() && (still == null || still.position() != before.position())) {
                LOG.warn(
                        "{}: the {} that took too long has ended after {} s",
                        before.model(),
                        lane.what(),
                        Duration.ofNanos(now - before.sinceNanos()).toSeconds());
            }
        });
        seen = found;
        stuck = List.copyOf(slow);
    }

    private void look(Watched model, long now, Map<StepLane, Seen> found, List<StuckStep> slow) {
        boolean late = false;
        for (StepLane lane : model.steps().lanes()) {
            Seen state = look(model, lane, now);
            if (state != null) {
                found.put(lane, state);
                if (state.asked()) {
                    late = true;
                    long nanos = now - state.sinceNanos();
                    slow.add(
                            new StuckStep(
                                    model.name(),
                                    lane.what(),
                                    lane.thread(),
                                    Duration.ofNanos(nanos).toSeconds(),
                                    nanos >= HOPELESS * limitNanos));
                }
            }
        }
        model.steps().suspect(late);
        if (!late) {
            givenUp.remove(model.steps());
        }
    }

    /** Null where the lane is within no step. */
    private @Nullable Seen look(Watched model, StepLane lane, long now) {
        long position = lane.position();
        Seen before = seen.get(lane);
        if (position % 2 == 0) {
            return null;
        }
        if (before == null || before.position() != position) {
            return new Seen(model.name(), position, now, false, false);
        }
        long nanos = now - before.sinceNanos();
        if (!before.asked()) {
            return nanos < limitNanos || !ask(model, lane, position, nanos)
                    ? before
                    : new Seen(model.name(), position, before.sinceNanos(), true, false);
        }
        if (!before.left() && nanos >= limitNanos + limitNanos / GRACE) {
            leave(model, lane, nanos);
            return new Seen(model.name(), position, before.sinceNanos(), true, true);
        }
        return before;
    }

    /** Whether the step is still there. */
    private boolean ask(Watched model, StepLane lane, long position, long nanos) {
        model.steps().suspect(true); // before it may end: who comes now is told the same
        if (!lane.ask(position)) {
            return false;
        }
        LOG.error(
                "{}: the {} on thread {} has not ended for {} s (STUCK_STEP_SECONDS) and is asked"
                        + " to; requests: {}",
                model.name(),
                lane.what(),
                lane.thread(),
                Duration.ofNanos(nanos).toSeconds(),
                model.requests());
        noticed.accept(model.name());
        return true;
    }

    private void leave(Watched model, StepLane lane, long nanos) {
        LOG.error(
                "{}: the {} on thread {} does not end, {} s by now; its engine is given up, which"
                        + " keeps its memory. Requests: {}",
                model.name(),
                lane.what(),
                lane.thread(),
                Duration.ofNanos(nanos).toSeconds(),
                model.requests());
        lane.leave();
        // Once: by now another engine may do its work, and that one stays.
        if (givenUp.putIfAbsent(model.steps(), model) == null) {
            model.giveUp();
        }
    }
}
