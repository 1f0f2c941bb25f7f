/** Log-mel features of audio of any length, in bounded memory. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.mel;
