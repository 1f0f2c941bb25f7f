/** What the server measures of itself, for Prometheus. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.metrics;
