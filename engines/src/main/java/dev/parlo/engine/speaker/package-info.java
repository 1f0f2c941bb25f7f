/** Voices: what one sounds like as numbers, and who speaks when. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.speaker;
