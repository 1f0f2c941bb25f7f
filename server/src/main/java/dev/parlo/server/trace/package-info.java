/** What a request is called in logs and traces; the port behind which OpenTelemetry stands. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.trace;
