/**
 * A recording in pieces of at most 30 s, each of which is transcribed by itself. Internal: it may
 * change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.chunk;
