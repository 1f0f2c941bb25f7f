/** {@code /v1/registry/suggestions}: which model does a task in a language within a memory. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.suggestion;
