package dev.parlo.engine.admission;

/** How urgent a request is, by who waits for it. */
public enum Priority {
    /** Somebody listens or reads while it is computed. */
    INTERACTIVE,
    /** Its result is answered whole. It gives way to interactive requests for a limited time. */
    BATCH
}
