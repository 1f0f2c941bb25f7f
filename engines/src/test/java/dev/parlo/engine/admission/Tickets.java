package dev.parlo.engine.admission;

import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;

/** Places of requests before an engine, of one that has it to itself included. */
public final class Tickets {
    private Tickets() {}

    public static Ticket alone() {
        return new Admission(1, 1).enter(Priority.BATCH, new Cancellation());
    }

    static Ticket enter(Admission admission) {
        return admission.enter(Priority.INTERACTIVE, new Cancellation());
    }

    /** Starts a thread that asks for a turn, and returns when it has its place in the queue. */
    static Thread waiting(Admission admission, Runnable work) {
        int before = admission.waiting();
        Thread thread = Thread.ofPlatform().start(work);
        await().until(() -> admission.waiting() > before);
        return thread;
    }
}
