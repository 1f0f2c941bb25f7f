/** Voices: embeddings of them, and who speaks when, for routes and transcriptions. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.speaker;
