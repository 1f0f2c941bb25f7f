package dev.parlo.server.models;

/**
 * How many requests one model takes.
 *
 * @param parallel windows of audio, or chunks of speech, that it computes at the same time
 * @param waiting requests that it takes beyond so many; more are refused
 */
public record QueueLimits(int parallel, int waiting) {
    int places() {
        return Math.addExact(parallel, waiting);
    }
}
