package dev.parlo.engine.admission;

/** What one request has had of an engine so far. Guarded by the admission's lock. */
final class Share {
    private int had;
    private int held;

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

    void take() {
        had++;
        held++;
    }

    void giveBack() {
        held--;
    }
}
