/** {@code /api/ps}: which models are in memory, loading and unloading them. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.running;
