/**
 * Voices: what one sounds like as numbers, and who speaks when. Internal: it may change with any
 * version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.speaker;
