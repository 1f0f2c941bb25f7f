package dev.parlo.engine.admission;

import org.jspecify.annotations.Nullable;

/** What one request has had of an engine so far. Guarded by the admission's lock. */
final class Share {
    private final @Nullable String requestId;
    private int had;
    private int held;
    private int expected;
    private boolean goesOn;

    /** Turns that count as its only one does. */
    private int few = 1;

    /**
     * @param requestId of the request in the log; null where it has none
     */
    Share(@Nullable String requestId) {
        this.requestId = requestId;
    }

    @Nullable String requestId() {
        return requestId;
    }

    /**
     * How far behind newcomers the request is: 0 before its first turn, 1 after it, 2 after the
     * second, 3 after the fourth, and so on by doubling. Requests of about the same length so go on
     * in the order of asking, and one need not be known to be short to be served before long ones.
     */
    int level() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(had);
    }

    /** Turns that are not given back yet. */
    int held() {
        return held;
    }

    boolean hasStarted() {
        return had > 0;
    }

    /** Turns that it comes to, as far as is known. */
    void expect(int turns) {
        expected = turns;
        goesOn = turns > 1;
    }

    /** It comes to more than one, how many is not known. */
    void expectMore() {
        goesOn = true;
    }

    /** It comes to no more than these, each of little work. */
    void expectFew(int turns) {
        few = turns;
    }

    /** Whether the next turn may be the only one, or is one of few. */
    boolean isShort() {
        return had < few && !goesOn;
    }

    /**
     * Turns that it has yet to ask for. Of a request of unknown length about as many as it had, of
     * one that has had one, none.
     */
    int left() {
        return expected > 0 ? Math.max(0, expected - had) : Math.max(0, had - 1);
    }

    void take() {
        had++;
        held++;
    }

    void giveBack() {
        held--;
    }
}
