package dev.parlo.engine.pool;

/**
 * The sums over a pool at one moment.
 *
 * @param usedBytes of loaded engines, of those that are being unloaded, and what the load in flight
 *     is expected to take
 * @param budgetBytes {@link PoolSettings#UNLIMITED} for none
 */
record PoolStats(int loading, int busy, int idle, int leases, long usedBytes, long budgetBytes) {}
