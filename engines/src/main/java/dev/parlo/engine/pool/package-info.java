/**
 * Engines in memory: loaded once, lent to many, unloaded when unused or when room is needed. Knows
 * nothing of model ids, files or HTTP. Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.pool;
