package dev.parlo.engine.admission;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The turns of an engine: how many there are, how many are taken, and who is next. Guarded by the
 * admission's lock.
 */
final class Turns {
    private final EnteredRequests entered;
    private final LongSupplier nanoTime;
    private final WaitingLine waiting = new WaitingLine();
    private int parallel;
    private int taken;

    /** Of those that are taken. */
    private int urgent;

    private boolean clipsBeside;

    /**
     * @param parallel turns at the same time
     * @param entered is told how many are taken
     */
    Turns(int parallel, EnteredRequests entered, LongSupplier nanoTime) {
        this.parallel = parallel;
        this.entered = entered;
        this.nanoTime = nanoTime;
    }

    int parallel() {
        return parallel;
    }

    void limit(int most) {
        parallel = Math.clamp(most, 1, parallel);
    }

    void clipsBesideFiles(boolean allowed) {
        clipsBeside = allowed;
        callNext();
    }

    int waiting() {
        return waiting.size();
    }

    /** When a request that came now would have its first. */
    Duration untilFirst() {
        return entered.untilFirstTurn(free(), parallel);
    }

    /** When a request that gets no place does well to come back. */
    Duration untilCalm() {
        return entered.untilCalm(taken, free(), parallel);
    }

    /** Somebody wants one; has it now where one is free. */
    void ask(WaitingLine.Waiter waiter) {
        waiting.add(waiter);
        callNext();
    }

    /** Somebody wants none any more. One that came at that very moment goes to the next. */
    void leave(WaitingLine.Waiter waiter) {
        if (waiter.hasTurn) {
            end(waiter);
        } else {
            waiting.leave(waiter);
        }
        callNext();
    }

    /** One is over. */
    void giveBack(WaitingLine.Waiter waiter) {
        entered.turnEnds(nanoTime.getAsLong());
        end(waiter);
        callNext();
    }

    private void end(WaitingLine.Waiter waiter) {
        waiter.share.giveBack();
        urgent -= waiter.isUrgent ? 1 : 0;
        taken(taken - 1);
    }

    /** Hands free turns to the first in line, who need not race for them. */
    private void callNext() {
        for (WaitingLine.Waiter next = next(); next != null; next = next()) {
            taken(taken + 1);
            next.isUrgent = next.share.isShort();
            urgent += next.isUrgent ? 1 : 0;
            next.share.take();
            next.hasTurn = true;
            next.called.signal();
        }
    }

    private WaitingLine.@Nullable Waiter next() {
        return isBesideFree() ? waiting.nextShort() : waiting.next(parallel - taken, parallel);
    }

    /** Whether a clip could begin at once though all turns are taken. */
    private boolean isBesideFree() {
        // Of an urgent turn nobody knows that it will rest: a clip beside it would slow it down.
        return clipsBeside && taken == parallel && urgent == 0;
    }

    /** As many as a request that may be a clip finds free. */
    private int free() {
        return isBesideFree() ? 1 : parallel - taken;
    }

    private void taken(int now) {
        taken = now;
        entered.turnsTaken(now, nanoTime.getAsLong());
    }
}
