/**
 * What the log says of the request that a line belongs to. Internal: it may change with any
 * version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.log;
