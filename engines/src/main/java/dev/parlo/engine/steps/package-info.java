/** Steps of native code that are under way, so that one which never returns is noticed. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.steps;
