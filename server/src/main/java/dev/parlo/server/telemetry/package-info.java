/** Traces and metrics over OTLP: the only package that knows OpenTelemetry. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.telemetry;
