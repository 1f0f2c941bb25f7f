/**
 * Log-mel features of audio of any length, in bounded memory. Internal: it may change with any
 * version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.mel;
