package dev.parlo.server.models;

/**
 * How many requests one model takes.
 *
 * @param parallel computed at the same time
 * @param waiting that may wait besides; more are refused
 */
public record QueueLimits(int parallel, int waiting) {
    int places() {
        return Math.addExact(parallel, waiting);
    }
}
