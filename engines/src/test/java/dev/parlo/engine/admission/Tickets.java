package dev.parlo.engine.admission;

import dev.parlo.engine.Cancellation;

/** Places of requests that have an engine to themselves, for tests of what is behind the queue. */
public final class Tickets {
    private Tickets() {}

    public static Ticket alone() {
        return new Admission(1, 1).enter(Priority.BATCH, new Cancellation());
    }
}
