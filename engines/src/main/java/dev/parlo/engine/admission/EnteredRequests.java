package dev.parlo.engine.admission;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The requests that have a place, and how long one that came now would wait for them. Guarded by
 * the admission's lock.
 */
final class EnteredRequests {
    private final Set<Share> shares = new HashSet<>();
    private final WaitEstimate estimate = new WaitEstimate();

    void add(Share share) {
        shares.add(share);
    }

    void remove(Share share) {
        shares.remove(share);
    }

    int count() {
        return shares.size();
    }

    /** The ids in the log of those that have a turn now, as far as they have ids. */
    List<String> computing() {
        return shares.stream()
                .filter(share -> share.held() > 0)
                .map(Share::requestId)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The number of turns that are taken has changed. */
    void turnsTaken(int now, long nanoTime) {
        estimate.taken(now, nanoTime);
    }

    /** A turn is about to be given back; {@link #turnsTaken} follows. */
    void turnEnds(long nanoTime) {
        estimate.ended(nanoTime);
    }

    /** Whether any turn has ended, so that the times below are more than a guess. */
    boolean isPaceKnown() {
        return estimate.isKnown();
    }

    /**
     * When a request that came now would have its first turn.
     *
     * @param free turns that nobody has
     * @param parallel turns that there are
     */
    Duration untilFirstTurn(int free, int parallel) {
        return estimate.until(turnsBeforeFirst(free), parallel);
    }

    /**
     * When a request that gets no place does well to come back: not before the first of those that
     * are here is gone. Those refused together come back together, so each is told a time between
     * its own first turn and the end of all that are here: half of the turns that are taken are
     * over by then.
     *
     * @param taken turns that are taken
     * @param free turns that nobody has
     * @param parallel turns that there are
     */
    Duration untilCalm(int taken, int free, int parallel) {
        int left = shares.stream().mapToInt(Share::left).min().orElse(0);
        Duration place = estimate.until(1 + (double) left * shares.size(), parallel);
        Duration calm = estimate.until(turnsBeforeFirst(free) + taken / 2.0, parallel);
        return calm.compareTo(place) > 0 ? calm : place;
    }

    private double turnsBeforeFirst(int free) {
        long before = shares.stream().filter(share -> !share.hasStarted()).count();
        long turns = before + 1 - free;
        // Those who have had turns and want more get one of so many in between.
        boolean others = shares.stream().anyMatch(share -> share.hasStarted() && share.left() > 0);
        return others ? turns * (1 + 1.0 / WaitingLine.PATIENCE) : turns;
    }
}
