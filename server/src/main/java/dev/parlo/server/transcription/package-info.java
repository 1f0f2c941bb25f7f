/** {@code /v1/audio/transcriptions} and {@code /v1/audio/translations}. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.transcription;
