/**
 * Steps of native code that are under way, so that one which never returns is noticed. Internal: it
 * may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.steps;
