/**
 * Transcriptions on an engine's own threads, and what they hand to the threads that asked.
 * Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.worker;
