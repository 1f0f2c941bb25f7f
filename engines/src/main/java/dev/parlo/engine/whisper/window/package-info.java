/**
 * Windows of audio that are encoded, decoded and aligned: what the transcription of a recording
 * asks for, and what runs it. Only what runs it knows slots, steps and threads. Internal: it may
 * change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.window;
