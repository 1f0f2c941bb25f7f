/** What the log says of the request that a line belongs to. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.log;
