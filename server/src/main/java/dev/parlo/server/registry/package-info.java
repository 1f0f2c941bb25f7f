/** {@code /v1/registry}: which models the Hub has. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.registry;
